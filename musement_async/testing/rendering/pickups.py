"""The pickup points of the local catalogue: near an activity's city, always in the same places."""

from collections.abc import Iterator
from random import Random

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.rendering.activities import Json

_NAMES = {
    "HOTEL": ("Hotel Aurora", "Hotel Bellevue", "Hotel Central", "Hotel Europa", "Grand Hotel"),
    "PICKUP": ("Bus stop at the museum", "Central station", "Town hall"),
}
_PLACES = [(kind, name) for kind, names in _NAMES.items() for name in names]
PICKUP_TYPES = tuple(_NAMES)
TAG_SOURCES = ("GIATA-CODE", "CONTENT-MANAGER-DATA", "SUPPLIER")


@frozen
class Pickup:
    """A pickup point; its tag is its name in a directory of hotels or at the supplier."""

    uuid: str
    activity: Activity
    type: str
    name: str
    latitude: float
    longitude: float
    tag: tuple[str, str]

    def json(self, language: str) -> Json:
        """The pickup point of ``GET /pickups/{activityPickupUuid}``."""
        number, source = self.tag
        return {
            "uuid": self.uuid,
            "type": self.type,
            "name": self.name,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "tags": [{"id": number, "type": source}],
            "place": f"{self.name}, {self.activity.city.names[language]}",
        }

    def has(self, text: str, source: str | None) -> bool:
        """Whether its name or tag contains a text; with a source, only its tag from that source."""
        number, tagged_by = self.tag
        texts = [number] if source == tagged_by else [] if source else [self.name, number]
        return any(text.casefold() in known.casefold() for known in texts)


def pickups_of(activity: Activity) -> list[Pickup]:
    """The pickup points of an activity."""
    places = Random(activity.uuid).sample(_PLACES, len(activity.pickups))  # noqa: S311 - reproducible on purpose
    return [_pickup(uuid, activity, kind, name) for uuid, (kind, name) in zip(activity.pickups, places, strict=True)]


def all_pickups(catalogue: Catalogue) -> Iterator[Pickup]:
    """The pickup points of all activities that can be found."""
    for activity in catalogue.online:
        yield from pickups_of(activity)


def _pickup(uuid: str, activity: Activity, kind: str, name: str) -> Pickup:
    rng = Random(uuid)  # noqa: S311 - reproducible on purpose
    number = rng.randint(10_000, 999_999)
    return Pickup(
        uuid=uuid,
        activity=activity,
        type=kind,
        name=name,
        latitude=round(activity.city.latitude + rng.uniform(-0.02, 0.02), 6),
        longitude=round(activity.city.longitude + rng.uniform(-0.02, 0.02), 6),
        tag=(str(number), "GIATA-CODE") if kind == "HOTEL" else (f"stop-{number}", "SUPPLIER"),
    )
