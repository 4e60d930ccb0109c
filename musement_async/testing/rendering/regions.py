"""The regions that things of the local catalogue have pages for."""

from collections.abc import Callable

from musement_async.testing.rendering.activities import Json, page_url

# The language of a page, and the part of the world that it is made for.
_REGIONS = (("en", "us"), ("it", "it"))


def regions_json(names: Callable[[str], tuple[str, ...]]) -> list[Json]:
    """The regions of a thing, given the names in the path of its page by language."""
    return [{"code": code, "url": page_url(language, *names(language))} for language, code in _REGIONS]
