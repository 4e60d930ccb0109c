"""The names of codes that have no module of their own: currencies, markets and others."""

from musement_async.testing.catalogue.cities import COUNTRIES
from musement_async.testing.catalogue.vocabulary import Term
from musement_async.testing.server.headers import MARKETS

CURRENCY_NAMES = {
    "EUR": {"en": "Euro", "it": "Euro"},
    "USD": {"en": "US dollar", "it": "Dollaro statunitense"},
    "GBP": {"en": "Pound sterling", "it": "Sterlina"},
    "CHF": {"en": "Swiss franc", "it": "Franco svizzero"},
    "SEK": {"en": "Swedish krona", "it": "Corona svedese"},
    "NOK": {"en": "Norwegian krone", "it": "Corona norvegese"},
    "DKK": {"en": "Danish krone", "it": "Corona danese"},
    "PLN": {"en": "Zloty", "it": "Zloty"},
    "CZK": {"en": "Czech koruna", "it": "Corona ceca"},
    "AED": {"en": "UAE dirham", "it": "Dirham degli Emirati"},
    "AUD": {"en": "Australian dollar", "it": "Dollaro australiano"},
    "CAD": {"en": "Canadian dollar", "it": "Dollaro canadese"},
    "BRL": {"en": "Brazilian real", "it": "Real brasiliano"},
    "JPY": {"en": "Yen", "it": "Yen"},
}

# Markets in countries without a city in the catalogue.
_ELSEWHERE = {"ca": "Canada", "no": "Norway"}

MARKET_NAMES = {slug: _ELSEWHERE.get(slug) or COUNTRIES[slug.upper()].names["en"] for slug in MARKETS}

POI_TYPES = {
    code: Term(code, {"en": english, "it": italian}, number)
    for number, (code, english, italian) in enumerate(
        (
            ("meeting-point", "Meeting point", "Punto d'incontro"),
            ("sight", "Sight", "Attrazione"),
            ("break", "Break", "Sosta"),
            ("end-point", "End of the tour", "Fine del tour"),
        ),
        start=1,
    )
}
