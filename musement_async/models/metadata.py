"""The API's vocabularies: currencies, languages, markets and price tags."""

from musement_async.models._base import Model


class Currency(Model, frozen=True, kw_only=True):
    """A currency that prices can be asked for in.

    Attributes:
        code: The ISO 4217 code, which the client takes as ``currency``.
        name: The name, in the language asked for.
        symbol: The sign that people write, such as ``€``.
    """

    code: str | None = None
    name: str | None = None
    symbol: str | None = None


class ContentLanguage(Model, frozen=True, kw_only=True):
    """A language that texts can be written in.

    Attributes:
        code: The code of the language, such as ``it``.
        name: Its name, for people.
    """

    code: str | None = None
    name: str | None = None


class Market(Model, frozen=True, kw_only=True):
    """A market, which determines the activities on sale, their prices and the default currency.

    Attributes:
        slug: The name that the client takes as ``market``.
        name: Its name, for people.
    """

    slug: str | None = None
    name: str | None = None


class Pricetag(Model, frozen=True, kw_only=True):
    """A kind of ticket: what it includes, and who it is for.

    Attributes:
        id: What paths take; None inside products.
        code: The code, the same in every language.
        price_feature: The variant of the activity, in the language asked for.
        ticket_holder: Who may use the ticket, such as adults, in the language asked for.
        price_feature_code: The variant, the same in every language.
        ticket_holder_code: Who may use it, the same in every language.
        age_info: The ages it is meant for, in words.
        default: Whether it is the one preselected.
        default_feature: Whether its variant is the one preselected.
        default_holder: Whether those it is for are the ones preselected.
    """

    id: int | None = None
    code: str | None = None
    price_feature: str | None = None
    ticket_holder: str | None = None
    price_feature_code: str | None = None
    ticket_holder_code: str | None = None
    age_info: str | None = None
    default: bool | None = None
    default_feature: bool | None = None
    default_holder: bool | None = None
