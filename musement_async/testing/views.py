"""Activities as encoded JSON. Each is encoded once per language and currency, then kept."""

import json
from collections.abc import Callable
from functools import lru_cache

from musement_async.testing.catalogue import Activity, Catalogue
from musement_async.testing.headers import Locale
from musement_async.testing.render import Json, activity_detail, activity_item

_KEPT_TEXTS = 4096
_Encoder = Callable[[Activity, Locale], bytes]


def encoded(value: object) -> bytes:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Views:
    """A catalogue and what of it was shown already."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.item: _Encoder = lru_cache(_KEPT_TEXTS)(self._encoder(activity_item))
        self.detail: _Encoder = lru_cache(_KEPT_TEXTS)(self._encoder(activity_detail))

    def _encoder(self, view: Callable[[Activity, Catalogue, Locale], Json]) -> _Encoder:
        def encode(activity: Activity, locale: Locale) -> bytes:
            return encoded(view(activity, self.catalogue, locale))

        return encode
