"""Operations of articles on other sites."""

from musement_async.models.external_links import ExternalLink
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Id, OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all


class ExternalLinks(Resource):
    """Articles about countries on other sites."""

    def list(self, *, country_iso_2char_in: OneOrMore[str] | None = None) -> WholeListCall[ExternalLink]:
        """All articles, or those about some countries: ``GET /external-links``.

        Args:
            country_iso_2char_in: ISO codes of countries, two letters.
        """
        params = query(country_iso_2char_in=parameters.codes(country_iso_2char_in))
        return WholeListCall(fetch_all, self._core, path("/external-links"), ExternalLink, params)

    async def get(self, external_link_id: Id[ExternalLink]) -> ExternalLink:
        """One article: ``GET /external-links/{externalLinkId}``.

        Args:
            external_link_id: The link's id.

        Raises:
            NotFoundError: There is no such link.
        """
        where = path("/external-links/{externalLinkId}", external_link_id=external_link_id)
        return await self._core.fetch(ExternalLink, where)
