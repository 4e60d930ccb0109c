"""A cache of activities as encoded JSON: each is encoded once per language and currency."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.rendering.activities import Json, activity_detail, activity_item
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.responses import encoded

_KEPT_TEXTS = 4096
_KEPT_CATALOGUES = 4
_Encoder = Callable[[Activity, Locale], bytes]


class JsonCache:
    """A catalogue, with the JSON of the activities that were rendered."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.item: _Encoder = lru_cache(_KEPT_TEXTS)(self._encoder(activity_item))
        self.detail: _Encoder = lru_cache(_KEPT_TEXTS)(self._encoder(activity_detail))

    def _encoder(self, view: Callable[[Activity, Catalogue, Locale], Json]) -> _Encoder:
        def encode(activity: Activity, locale: Locale) -> bytes:
            return encoded(view(activity, self.catalogue, locale))

        return encode


# The key distinguishes 1 from True and 1.0, and a date from a datetime: their catalogues differ.
@lru_cache(_KEPT_CATALOGUES, typed=True)
def _generated(seed: int, size: int, today: date) -> JsonCache:
    return JsonCache(Catalogue(seed=seed, size=size, today=today))


# Held while a catalogue is generated, so that threads that need the same one generate it once.
_generating = Lock()


class LazyJsonCache:
    """The cache of one server. The day is given, or the day of the first request.

    Servers with an equal seed, size and day share a cache, because nothing in a catalogue changes.
    """

    def __init__(self, seed: int, size: int, today: date | None) -> None:
        self._seed = seed
        self._size = size
        self._today = today
        self._lock = Lock()
        self._views: JsonCache | None = None

    def get(self) -> JsonCache:
        """The cache; it stays the same until :meth:`forget`."""
        with self._lock:
            if self._views is None:
                today = self._today or datetime.now(tz=UTC).date()
                with _generating:
                    self._views = _generated(self._seed, self._size, today)
            return self._views

    def forget(self) -> None:
        """Take the day of the next request, if no day is given."""
        with self._lock:
            self._views = None
