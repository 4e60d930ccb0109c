"""The regions in which things of the local catalogue have pages."""

from collections.abc import Callable

from musement_async.testing.rendering.activities import Json, page_url

# The language of a page, and its part of the world.
_REGIONS = (("en", "us"), ("it", "it"))


def regions_json(names: Callable[[str], tuple[str, ...]]) -> list[Json]:
    """The regions of a thing, from the names in its page's path, by language."""
    return [{"code": code, "url": page_url(language, *names(language))} for language, code in _REGIONS]
