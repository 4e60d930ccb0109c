"""The editorial and commercial data of activities as the API's JSON."""

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.metadata import MARKET_NAMES, POI_TYPES
from musement_async.testing.catalogue.texts import slug_of
from musement_async.testing.rendering.activities import Json, labels_json
from musement_async.testing.rendering.forms import requirements_json
from musement_async.testing.server.headers import Locale

FINANCES: tuple[dict[str, str | int | float], ...] = (
    {"id": 1, "label": "Invoice by the month"},
    {"id": 2, "label": "Invoice by the order"},
)
_CODES = ("inactive", "active", "generated")


def content_json(activity: Activity, detail: Json, language: str) -> Json:
    """The texts of an activity in a language, made of the activity's JSON in that language."""
    by_hand = ("title", "highlights", "info_voucher", "meeting_point", "complete")
    return {
        "locale": language,
        **{name: detail[name] for name in ("title", "description", "meeting_point", "operational_days", "info")},
        **{name: detail[name] for name in ("reduced", "meta_title", "meta_description")},
        **{name: "\n".join(detail[name]) for name in ("highlights", "included", "not_included")},
        "when": detail["operational_days"],
        "where": detail["meeting_point"],
        "is_default": language == "en",
        "info_voucher": detail["meeting_point"],
        "emergency_phone_number": activity.phone or "",
        "translated": True,
        **{f"is_manually_translated_{part}": True for part in by_hand},
        "slug": slug_of(detail["title"]),
    }


def financial_json(activity: Activity, _locale: Locale) -> Json:
    """The settlement of an activity with its supplier."""
    return {
        "invoice_entire_ticket": False,
        "finance": FINANCES[activity.number % len(FINANCES)],
        "commission_percentage_deduct": 20 + activity.number % 5 / 2,
        "commission_type": "percentage",
        "bucket": {"id": 1 + activity.number % 3, "code": activity.kind.vertical, "name": activity.kind.vertical},
    }


def itineraries_json(activity: Activity, locale: Locale) -> list[Json]:
    """The only itinerary of an activity: it begins and ends in the same place."""
    stops = [(code, 0.002 * step) for step, code in enumerate(POI_TYPES)]
    pois = [
        {
            "latitude": round(activity.latitude + away, 6),
            "longitude": round(activity.longitude + away, 6),
            "types": labels_json((code,), POI_TYPES, locale.language),
        }
        for code, away in stops
    ]
    return [{"code": f"itinerary-{activity.number}", "pois": pois}]


def markets_json(activity: Activity, _locale: Locale) -> list[Json]:
    """The markets that an activity is sold in; some activities lack one market."""
    left_out = list(MARKET_NAMES)[activity.number % len(MARKET_NAMES)] if activity.flags["exclusive"] else None
    return [{"slug": slug, "name": name} for slug, name in MARKET_NAMES.items() if slug != left_out]


def merchant_tags_json(activity: Activity, _locale: Locale) -> list[str]:
    """The merchants' tags of an activity."""
    return [activity.kind.code, *activity.features]


def needs_json(activity: Activity, _locale: Locale) -> Json | None:
    """The participants' details that are needed; None if none are needed."""
    return requirements_json(activity) if activity.flags["has_passenger_info"] else None


def relevance_json(activity: Activity, _locale: Locale) -> list[Json]:
    """The ranks of an activity in the default orders."""
    places = {f"relevance_{name}": activity.relevances[name] for name in ("city", "venue", "category")}
    return [{"relevance": activity.relevance, **places}]


def ticket_codes_json(activity: Activity, feature: str, holder: str) -> list[Json]:
    """The ticket codes in stock, one for each status."""
    return [
        {
            "code": f"{activity.number:06}-{feature[:1]}{holder[:1]}-{place}",
            "status": status,
            "type": "qrcode",
            "internal": status == "generated",
            "used": place - 1,
            "max_usage": place % 3,
            "created_at": f"2026-01-0{place}T09:30:00+0000",
        }
        for place, status in enumerate(_CODES, start=1)
    ]
