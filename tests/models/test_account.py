"""Preferences of a customer, in the API's form."""

from musement_async.codec import decode
from musement_async.models import (
    AllowProfiling,
    Consent,
    CustomerPreferences,
    CustomerTravelWith,
    NewsletterFrequency,
    NewsletterInterval,
    NewsletterThirdparty,
    TranslatedMetadata,
    TravelCompanion,
)

BODY = b"""{
    "newsletter_frequency": {"code": "3-TIMES-A-WEEK", "name": "Three times a week"},
    "newsletter_from_thirdparty": {"code": "YES", "name": "Yes"},
    "allow_profiling": {"code": "NO", "name": "No"},
    "interests": [{"code": "FOOD-WINE", "name": "Food and wine"}],
    "travel_with": {"code": "PARTNER", "name": "Partner"}
}"""


def test_preferences_have_codes_and_names() -> None:
    assert decode(BODY, CustomerPreferences, strict=True) == CustomerPreferences(
        newsletter_frequency=NewsletterFrequency(code=NewsletterInterval.THREE_TIMES_A_WEEK, name="Three times a week"),
        newsletter_from_thirdparty=NewsletterThirdparty(code=Consent.YES, name="Yes"),
        allow_profiling=AllowProfiling(code=Consent.NO, name="No"),
        interests=(TranslatedMetadata(code="FOOD-WINE", name="Food and wine"),),
        travel_with=CustomerTravelWith(code=TravelCompanion.PARTNER, name="Partner"),
    )
