"""Small things that activities are labelled with."""

import attrs

from musement_async.models._base import Model


@attrs.frozen(kw_only=True, slots=False, repr=False)
class TranslatedMetadata(Model):
    """A language, service, feature, kind of food or group size that an activity has.

    Attributes:
        code: The same in every language.
        name: In the language asked for.
        default: Whether it is the one preselected.
        extra: Further texts; None where the answer has none.
    """

    code: str | None = None
    name: str | None = None
    default: bool | None = None
    extra: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True, slots=False, repr=False)
class Bucket(Model):
    """A group that Musement sorts activities into."""

    id: int | None = None
    code: str | None = None
    name: str | None = None


@attrs.frozen(kw_only=True, slots=False, repr=False)
class SellerGateway(Model):
    """The system that makes the final booking of an activity."""

    code: str | None = None
    name: str | None = None
