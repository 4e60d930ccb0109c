"""Articles elsewhere."""

from collections.abc import Iterable

from musement_async.core import Core
from musement_async.models.external_links import ExternalLink
from musement_async.pagination import fetch_all
from musement_async.paths import build_path
from musement_async.resources import parameters


class ExternalLinks:
    """Articles about countries on other sites."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def list(self, *, country_iso_2char_in: Iterable[str] | None = None) -> tuple[ExternalLink, ...]:
        """All articles, or those about some countries: ``GET /external-links``.

        Args:
            country_iso_2char_in: ISO codes of countries, two letters.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        params = {"country_iso_2char_in": parameters.comma_list("country_iso_2char_in", country_iso_2char_in)}
        return await fetch_all(self._core, build_path("/external-links"), ExternalLink, params)

    async def get(self, external_link_id: int) -> ExternalLink:
        """One article: ``GET /external-links/{externalLinkId}``.

        Args:
            external_link_id: The link's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such link.
        """
        number = parameters.number("external_link_id", external_link_id)
        path = build_path("/external-links/{externalLinkId}", externalLinkId=number)
        return await self._core.fetch(ExternalLink, path)
