"""The record of changes to the catalogue by day, the same for equal seeds."""

from datetime import date
from random import Random

from musement_async.testing.catalogue.activities import Activity, Catalogue

_MOST_CHANGES = 8


def archived_on(catalogue: Catalogue, day: date) -> list[Activity]:
    """The activities that were archived on a day: the first one today, the second yesterday, and so on."""
    archived = [activity for activity in catalogue.activities if activity.status == "ARCHIVED"]
    days_ago = (catalogue.today - day).days
    return archived[days_ago : days_ago + 1]


def changed_on(catalogue: Catalogue, day: date) -> list[Activity]:
    """The activities that changed on a day, including the archived ones."""
    rng = Random(f"{catalogue.seed}/{day}")  # noqa: S311 - reproducible on purpose
    changes = min(rng.randint(1, _MOST_CHANGES), len(catalogue.online))
    return rng.sample(catalogue.online, changes) + archived_on(catalogue, day)
