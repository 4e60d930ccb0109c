"""The request headers that shape an answer: application, market, currency, language."""

from attrs import field, frozen
from starlette.datastructures import Headers

from musement_async.testing.server.errors import no_application, unknown_currency, unknown_market
from musement_async.testing.server.money import CURRENCIES, Currency

# market: its currency
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
    """The language, currency and market of an answer; the market changes no part of it."""

    language: str
    currency: Currency
    market: str = field(default=_DEFAULT_MARKET, eq=False)


# The locale of requests without these headers.
NO_LOCALE = Locale("en", CURRENCIES["USD"])


def read_locale(headers: Headers) -> Locale:
    """The locale from the headers.

    Every application id is accepted, but one is required. The API does not document the ids that it knows.

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
    """The first language of an ``Accept-Language`` header that the catalogue has; English without one."""
    weighed: list[tuple[float, str]] = []
    for entry in accepted.split(","):
        tag, _, quality = entry.partition(";")
        weighed.append((_weight(quality), tag.strip().lower().partition("-")[0]))
    # The sort is stable: of languages with equal weights, the first wins.
    weighed.sort(key=lambda pair: -pair[0])
    return next((language for weight, language in weighed if language in LANGUAGES and weight > 0), "en")


def _weight(quality: str) -> float:
    text = quality.strip().removeprefix("q=")
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
