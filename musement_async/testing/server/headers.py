"""The request headers that shape an answer: application, market, currency, language."""

from attrs import field, frozen
from starlette.datastructures import Headers

from musement_async.testing.server.errors import no_application, unknown_currency, unknown_market
from musement_async.testing.server.money import CURRENCIES, Currency

# market: the currency it implies
MARKETS = {
    "us": "USD",
    "ae": "AED",
    "at": "EUR",
    "au": "AUD",
    "br": "BRL",
    "ca": "CAD",
    "ch": "CHF",
    "de": "EUR",
    "dk": "DKK",
    "es": "EUR",
    "fr": "EUR",
    "gb": "GBP",
    "ie": "EUR",
    "it": "EUR",
    "jp": "JPY",
    "nl": "EUR",
    "no": "NOK",
    "pl": "PLN",
    "pt": "EUR",
    "se": "SEK",
}
LANGUAGES = ("en", "it")
_DEFAULT_MARKET = "us"


@frozen
class Locale:
    """The language and currency of an answer, and the market it is for, which changes nothing that is shown."""

    language: str
    currency: Currency
    market: str = field(default=_DEFAULT_MARKET, eq=False)


# For requests that need not say what they want.
NO_LOCALE = Locale("en", CURRENCIES["USD"])


def read_locale(headers: Headers) -> Locale:
    """The locale that the headers ask for.

    Any application id is accepted, as long as there is one; which ids the API knows is not documented.

    Raises:
        Refusal: No application header, an unknown market or an unknown currency.
    """
    if not headers.get("x-musement-application"):
        raise no_application()
    market = headers.get("x-musement-market", _DEFAULT_MARKET).lower()
    implied = MARKETS.get(market)
    if implied is None:
        raise unknown_market()
    currency = CURRENCIES.get(headers.get("x-musement-currency", implied).upper())
    if currency is None:
        raise unknown_currency()
    return Locale(preferred_language(headers.get("accept-language", "en-US")), currency, market)


def preferred_language(accepted: str) -> str:
    """The language of an ``Accept-Language`` header that there are texts in; English if there are none."""
    weighed: list[tuple[float, str]] = []
    for entry in accepted.split(","):
        tag, _, quality = entry.partition(";")
        weighed.append((_weight(quality), tag.strip().lower().partition("-")[0]))
    # A stable sort: of equal weights the first one named wins.
    weighed.sort(key=lambda pair: -pair[0])
    return next((language for weight, language in weighed if language in LANGUAGES and weight > 0), "en")


def _weight(quality: str) -> float:
    text = quality.strip().removeprefix("q=")
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
