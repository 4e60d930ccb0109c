"""Labels of activities: languages, services, features and more."""

from musement_async.models._base import Model


class TranslatedMetadata(Model, frozen=True, kw_only=True):
    """A language, service, feature, kind of food or group size that an activity has.

    Attributes:
        code: The code, the same in every language.
        name: The name, in the language asked for.
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
        code: The code, the same in every language.
        name: Its name, for people.
    """

    id: int | None = None
    code: str | None = None
    name: str | None = None


class SellerGateway(Model, frozen=True, kw_only=True):
    """The system that makes the final booking of an activity.

    Attributes:
        code: The code, the same in every language.
        name: Its name, for people.
    """

    code: str | None = None
    name: str | None = None
