"""The cities and countries of the local catalogue: real names, coordinates, currencies and time zones."""

import uuid
from functools import cached_property

from attrs import frozen


@frozen
class Country:
    """A country, with the API's fields."""

    id: int
    iso_code: str
    iso3char: str
    names: dict[str, str]
    currency: str
    prefix: str


@frozen
class City:
    """A city; ``share`` is its share of the catalogue's activities; 0 for none."""

    id: int
    code: str
    names: dict[str, str]
    latitude: float
    longitude: float
    country: Country
    time_zone: str
    share: int
    top: bool

    @cached_property
    def uuid(self) -> str:
        """The UUID, derived from the id, so always the same."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"city-{self.id}.local.musement.invalid"))


# id, ISO codes, English and Italian name, currency, telephone prefix
_COUNTRIES = (
    (7, "AR", "ARG", "Argentina", "Argentina", "ARS", "+54"),
    (9, "AU", "AUS", "Australia", "Australia", "AUD", "+61"),
    (10, "AT", "AUT", "Austria", "Austria", "EUR", "+43"),
    (24, "BR", "BRA", "Brazil", "Brasile", "BRL", "+55"),
    (46, "CZ", "CZE", "Czech Republic", "Repubblica Ceca", "CZK", "+420"),
    (48, "DK", "DNK", "Denmark", "Danimarca", "DKK", "+45"),
    (54, "EG", "EGY", "Egypt", "Egitto", "EGP", "+20"),
    (60, "FR", "FRA", "France", "Francia", "EUR", "+33"),
    (64, "DE", "DEU", "Germany", "Germania", "EUR", "+49"),
    (66, "GR", "GRC", "Greece", "Grecia", "EUR", "+30"),
    (74, "HU", "HUN", "Hungary", "Ungheria", "HUF", "+36"),
    (75, "IS", "ISL", "Iceland", "Islanda", "ISK", "+354"),
    (80, "IE", "IRL", "Ireland", "Irlanda", "EUR", "+353"),
    (82, "IT", "ITA", "Italy", "Italia", "EUR", "+39"),
    (84, "JP", "JPN", "Japan", "Giappone", "JPY", "+81"),
    (112, "MX", "MEX", "Mexico", "Messico", "MXN", "+52"),
    (118, "MA", "MAR", "Morocco", "Marocco", "MAD", "+212"),
    (124, "NL", "NLD", "Netherlands", "Paesi Bassi", "EUR", "+31"),
    (136, "PE", "PER", "Peru", "Perù", "PEN", "+51"),
    (138, "PL", "POL", "Poland", "Polonia", "PLN", "+48"),
    (139, "PT", "PRT", "Portugal", "Portogallo", "EUR", "+351"),
    (156, "SG", "SGP", "Singapore", "Singapore", "SGD", "+65"),
    (160, "ZA", "ZAF", "South Africa", "Sudafrica", "ZAR", "+27"),
    (161, "ES", "ESP", "Spain", "Spagna", "EUR", "+34"),
    (168, "SE", "SWE", "Sweden", "Svezia", "SEK", "+46"),
    (169, "CH", "CHE", "Switzerland", "Svizzera", "CHF", "+41"),
    (173, "TH", "THA", "Thailand", "Tailandia", "THB", "+66"),
    (177, "TR", "TUR", "Turkey", "Turchia", "TRY", "+90"),
    (182, "AE", "ARE", "United Arab Emirates", "Emirati Arabi Uniti", "AED", "+971"),
    (183, "GB", "GBR", "United Kingdom", "Regno Unito", "GBP", "+44"),
    (184, "US", "USA", "United States", "Stati Uniti", "USD", "+1"),
    (185, "UY", "URY", "Uruguay", "Uruguay", "UYU", "+598"),
    (190, "VN", "VNM", "Vietnam", "Vietnam", "VND", "+84"),
)

# id, code, English and Italian name, latitude, longitude, country, time zone, share
_CITIES = (
    (2, "rome", "Rome", "Roma", 41.898, 12.483, "IT", "Europe/Rome", 12),
    (40, "paris", "Paris", "Parigi", 48.866, 2.355, "FR", "Europe/Paris", 11),
    (56, "london", "London", "Londra", 51.505, -0.127, "GB", "Europe/London", 11),
    (60, "barcelona", "Barcelona", "Barcellona", 41.396, 2.175, "ES", "Europe/Madrid", 9),
    (57, "amsterdam", "Amsterdam", "Amsterdam", 52.374, 4.9, "NL", "Europe/Amsterdam", 8),
    (55, "new york", "New York", "New York", 40.737, -74.007, "US", "America/New_York", 8),
    (168, "dubai", "Dubai", "Dubai", 25.193, 55.29, "AE", "Asia/Dubai", 7),
    (3, "florence", "Florence", "Firenze", 43.769, 11.256, "IT", "Europe/Rome", 7),
    (4, "venice", "Venice", "Venezia", 45.441, 12.317, "IT", "Europe/Rome", 6),
    (71, "lisbon", "Lisbon", "Lisbona", 38.731, -9.149, "PT", "Europe/Lisbon", 5),
    (52, "berlin", "Berlin", "Berlino", 52.533, 13.406, "DE", "Europe/Berlin", 5),
    (58, "athens", "Athens", "Atene", 37.973, 23.727, "GR", "Europe/Athens", 5),
    (61, "madrid", "Madrid", "Madrid", 40.433, -3.698, "ES", "Europe/Madrid", 4),
    (70, "prague", "Prague", "Praga", 50.091, 14.432, "CZ", "Europe/Prague", 4),
    (82, "vienna", "Vienna", "Vienna", 48.21, 16.367, "AT", "Europe/Vienna", 4),
    (88, "budapest", "Budapest", "Budapest", 47.498, 19.047, "HU", "Europe/Budapest", 4),
    (89, "krakow", "Krakow", "Cracovia", 50.063, 19.947, "PL", "Europe/Warsaw", 4),
    (193, "reykjavik", "Reykjavik", "Reykjavík", 64.135, -21.933, "IS", "Atlantic/Reykjavik", 4),
    (1, "milan", "Milan", "Milano", 45.459, 9.183, "IT", "Europe/Rome", 4),
    (107, "san francisco", "San Francisco", "San Francisco", 37.771, -122.409, "US", "America/Los_Angeles", 3),
    (95, "las vegas", "Las Vegas", "Las Vegas", 36.17, -115.14, "US", "America/Los_Angeles", 3),
    (160, "marrakech", "Marrakech", "Marrakech", 31.632, -8.0, "MA", "Africa/Casablanca", 3),
    (59, "istanbul", "Istanbul", "Istanbul", 41.044, 28.976, "TR", "Europe/Istanbul", 3),
    (201, "tokyo", "Tokyo", "Tokyo", 35.682, 139.759, "JP", "Asia/Tokyo", 3),
    (99, "sydney", "Sydney", "Sydney", -33.868, 151.209, "AU", "Australia/Sydney", 3),
    (5, "naples", "Naples", "Napoli", 40.852, 14.268, "IT", "Europe/Rome", 3),
    (45, "nice", "Nice", "Nizza", 43.71, 7.262, "FR", "Europe/Paris", 2),
    (47, "lyon", "Lyon", "Lione", 45.764, 4.835, "FR", "Europe/Paris", 2),
    (72, "porto", "Porto", "Porto", 41.162, -8.623, "PT", "Europe/Lisbon", 2),
    (65, "edinburgh", "Edinburgh", "Edimburgo", 55.953, -3.188, "GB", "Europe/London", 2),
    (67, "dublin", "Dublin", "Dublino", 53.35, -6.26, "IE", "Europe/Dublin", 2),
    (96, "munich", "Munich", "Monaco di Baviera", 48.138, 11.571, "DE", "Europe/Berlin", 2),
    (75, "copenhagen", "Copenhagen", "Copenaghen", 55.676, 12.568, "DK", "Europe/Copenhagen", 2),
    (77, "stockholm", "Stockholm", "Stoccolma", 59.329, 18.069, "SE", "Europe/Stockholm", 2),
    (80, "zurich", "Zurich", "Zurigo", 47.377, 8.541, "CH", "Europe/Zurich", 2),
    (9, "turin", "Turin", "Torino", 45.07, 7.687, "IT", "Europe/Rome", 2),
    (91, "cancun", "Cancun", "Cancún", 21.163, -86.85, "MX", "America/Cancun", 2),
    (194, "rio de janeiro", "Rio de Janeiro", "Rio de Janeiro", -22.911, -43.191, "BR", "America/Sao_Paulo", 2),
    (203, "singapore", "Singapore", "Singapore", 1.29, 103.852, "SG", "Asia/Singapore", 2),
    (204, "bangkok", "Bangkok", "Bangkok", 13.756, 100.502, "TH", "Asia/Bangkok", 2),
    (1810, "cape town", "Cape Town", "Città del Capo", -33.925, 18.424, "ZA", "Africa/Johannesburg", 2),
    (176, "buenos aires", "Buenos Aires", "Buenos Aires", -34.603, -58.382, "AR", "America/Argentina/Buenos_Aires", 1),
    (92, "lima", "Lima", "Lima", -12.046, -77.043, "PE", "America/Lima", 1),
    (98, "hanoi", "Hanoi", "Hanoi", 21.034, 105.851, "VN", "Asia/Ho_Chi_Minh", 1),
    (205, "cairo", "Cairo", "Il Cairo", 30.044, 31.236, "EG", "Africa/Cairo", 1),
    (36, "verona", "Verona", "Verona", 45.443, 10.992, "IT", "Europe/Rome", 1),
    (22, "mantua", "Mantua", "Mantova", 45.16, 10.791, "IT", "Europe/Rome", 0),
    (295, "innsbruck", "Innsbruck", "Innsbruck", 47.268, 11.405, "AT", "Europe/Vienna", 0),
    (7035, "montevideo", "Montevideo", "Montevideo", -34.905, -56.191, "UY", "America/Montevideo", 0),
)

_TOP_SHARE = 8

COUNTRIES = {
    iso: Country(number, iso, iso3, {"en": english, "it": italian}, currency, prefix)
    for number, iso, iso3, english, italian, currency, prefix in _COUNTRIES
}

CITIES = tuple(
    City(
        number,
        code,
        {"en": english, "it": italian},
        latitude,
        longitude,
        COUNTRIES[iso],
        time_zone,
        share,
        top=share >= _TOP_SHARE,
    )
    for number, code, english, italian, latitude, longitude, iso, time_zone, share in _CITIES
)

CITIES_BY_ID = {city.id: city for city in CITIES}
