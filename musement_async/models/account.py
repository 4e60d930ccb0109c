"""Customers' preferences."""

from musement_async.models._base import Model, OpenEnum
from musement_async.models.labels import TranslatedMetadata


class NewsletterInterval(OpenEnum):
    """The frequency of a newsletter."""

    THREE_TIMES_A_WEEK = "3-TIMES-A-WEEK"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    NEVER = "NEVER"


class NewsletterFrequency(Model, frozen=True, kw_only=True):
    """The frequency of a newsletter, with a name.

    Attributes:
        code: The interval.
        name: The name, in the language asked for.
    """

    code: NewsletterInterval | None = None
    name: str | None = None


class Consent(OpenEnum):
    """An answer to a question of consent."""

    YES = "YES"
    NO = "NO"


class NewsletterThirdparty(Model, frozen=True, kw_only=True):
    """An answer about the newsletters of Musement's partners, with a name.

    Attributes:
        code: The answer.
        name: The name, in the language asked for.
    """

    code: Consent | None = None
    name: str | None = None


class AllowProfiling(Model, frozen=True, kw_only=True):
    """An answer about profiling, with a name.

    Attributes:
        code: The answer.
        name: The name, in the language asked for.
    """

    code: Consent | None = None
    name: str | None = None


class TravelCompanion(OpenEnum):
    """The company in which a customer likes to travel."""

    ALONE = "ALONE"
    PARTNER = "PARTNER"
    FAMILY = "FAMILY"
    FRIENDS = "FRIENDS"
    GROUP = "GROUP"


class CustomerTravelWith(Model, frozen=True, kw_only=True):
    """The company in which a customer likes to travel, with a name.

    Attributes:
        code: The company.
        name: The name, in the language asked for.
    """

    code: TravelCompanion | None = None
    name: str | None = None


class CustomerPreferences(Model, frozen=True, kw_only=True):
    """The preferences of a customer: newsletters, profiling, interests.

    Attributes:
        newsletter_frequency: How often they want a newsletter.
        newsletter_from_thirdparty: Whether they want the newsletters of Musement's partners.
        allow_profiling: Whether they may be profiled.
        interests: Their interests, such as ``FOOD-WINE``.
        travel_with: The company in which they like to travel.
    """

    newsletter_frequency: NewsletterFrequency | None = None
    newsletter_from_thirdparty: NewsletterThirdparty | None = None
    allow_profiling: AllowProfiling | None = None
    interests: tuple[TranslatedMetadata, ...] = ()
    travel_with: CustomerTravelWith | None = None
