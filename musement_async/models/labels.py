"""Small things that activities are labelled with."""

from musement_async.models._base import Model


class TranslatedMetadata(Model, frozen=True, kw_only=True):
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


class Bucket(Model, frozen=True, kw_only=True):
    """A group that Musement sorts activities into.

    Attributes:
        id: The number of the group.
        code: The same in every language.
        name: Its name, for people.
    """

    id: int | None = None
    code: str | None = None
    name: str | None = None


class SellerGateway(Model, frozen=True, kw_only=True):
    """The system that makes the final booking of an activity.

    Attributes:
        code: The same in every language.
        name: Its name, for people.
    """

    code: str | None = None
    name: str | None = None
