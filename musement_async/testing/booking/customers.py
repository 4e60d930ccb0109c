"""The customers of the local Musement: a first one, and those who sign up."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from musement_async.testing.rendering.activities import Json
from musement_async.testing.server.collection import Collection
from musement_async.testing.server.oauth import OAuth

# The names of codes, in each language.
GENDERS: dict[str, dict[str, str]] = {
    "MALE": {"en": "Male", "it": "Uomo"},
    "FEMALE": {"en": "Female", "it": "Donna"},
    "OTHER": {"en": "Other", "it": "Altro"},
}
FREQUENCIES: dict[str, dict[str, str]] = {
    "3-TIMES-A-WEEK": {"en": "Three times a week", "it": "Tre volte a settimana"},
    "WEEKLY": {"en": "Every week", "it": "Ogni settimana"},
    "MONTHLY": {"en": "Every month", "it": "Ogni mese"},
    "NEVER": {"en": "Never", "it": "Mai"},
}
ANSWERS: dict[str, dict[str, str]] = {"YES": {"en": "Yes", "it": "Sì"}, "NO": {"en": "No", "it": "No"}}
INTERESTS: dict[str, dict[str, str]] = {
    "ARTS-CULTURE": {"en": "Arts and culture", "it": "Arte e cultura"},
    "SIGHTSEEING": {"en": "Sightseeing", "it": "Visite turistiche"},
    "FOOD-WINE": {"en": "Food and wine", "it": "Cibo e vino"},
    "ENTERTAIMENT": {"en": "Entertainment", "it": "Spettacolo"},
    "SPORTS": {"en": "Sports", "it": "Sport"},
    "ADVENTURE": {"en": "Adventure", "it": "Avventura"},
    "NIGHTLIFE": {"en": "Nightlife", "it": "Vita notturna"},
}
COMPANIONS: dict[str, dict[str, str]] = {
    "ALONE": {"en": "Alone", "it": "Da soli"},
    "PARTNER": {"en": "With a partner", "it": "In coppia"},
    "FAMILY": {"en": "With family", "it": "In famiglia"},
    "FRIENDS": {"en": "With friends", "it": "Con amici"},
    "GROUP": {"en": "In a group", "it": "In gruppo"},
}
_WORDS = {
    "newsletter_frequency": FREQUENCIES,
    "newsletter_from_thirdparty": ANSWERS,
    "allow_profiling": ANSWERS,
    "travel_with": COMPANIONS,
}
_AT_FIRST = {"newsletter_frequency": "NEVER", "newsletter_from_thirdparty": "NO", "allow_profiling": "NO"}


@frozen
class Customer:
    """A customer with a profile and preferences."""

    number: int
    email: str
    profile: Mapping[str, str]
    preferences: Mapping[str, Any]

    def profile_json(self, language: str) -> Json:
        """The customer in a language."""
        gender = {"gender": _labelled(self.profile["gender"], GENDERS, language)} if "gender" in self.profile else {}
        newsletters = dict.fromkeys(("musement_newsletter", "events_related_newsletter"), "NO")
        consents = {
            "thirdparty_newsletter": self.preferences["newsletter_from_thirdparty"],
            "allow_profiling": self.preferences["allow_profiling"],
        }
        return {"id": self.number, "email": self.email, **self.profile, **gender, **newsletters, **consents}

    def preferences_json(self, language: str) -> Json:
        """The customer's preferences in a language."""
        single = {
            name: _labelled(self.preferences[name], words, language)
            for name, words in _WORDS.items()
            if name in self.preferences
        }
        interests = [_labelled(code, INTERESTS, language) for code in self.preferences.get("interests", ())]
        return {**single, "interests": interests}


def _labelled(code: str, words: Mapping[str, Mapping[str, str]], language: str) -> Json:
    return {"code": code, "name": words[code][language]}


class Customers(Collection[Customer]):
    """Every customer, by e-mail address, which is the username too."""

    def __init__(self, oauth: OAuth, first: str) -> None:
        self._oauth = oauth
        self.first: str = first
        customer = Customer(1, first, {"firstname": "Test", "lastname": "Customer"}, _AT_FIRST)
        super().__init__("customer", lambda customer: customer.email, [customer])

    def sign_up(self, email: str, profile: Mapping[str, str], password: str | None) -> Customer | None:
        """A new customer, who can log in from now on; None if the address is taken."""
        if not self._oauth.register(email, password):
            return None
        return self.add(Customer(len(self) + 1, email, profile, _AT_FIRST))
