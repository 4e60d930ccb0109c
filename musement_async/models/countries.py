"""Countries."""

from musement_async.models._base import Model


class Country(Model, frozen=True, kw_only=True):
    """A country.

    Attributes:
        id: The id for filters and paths.
        name: The name, in the language asked for.
        iso_code: ISO 3166-1 alpha-2, such as ``IT``.
        iso3char: ISO 3166-1 alpha-3, such as ``ITA``.
        country_prefix: The international dialling code.
        currency_code: The currency that Musement uses there, ISO 4217.
    """

    id: int
    name: str | None = None
    iso_code: str | None = None
    iso3char: str | None = None
    country_prefix: str | None = None
    currency_code: str | None = None
