"""Documents that the API renders as PDF or HTML."""

from musement_async.core import HTML, PDF, Core, Parameters
from musement_async.paths import Path
from musement_async.resources import parameters


async def fetch_rendered(core: Core, path: Path, *, pdf: bool, params: Parameters | None = None) -> bytes:
    """A document in the form asked for.

    The form is always sent, because operations differ in which one they take for granted.
    """
    wanted = bool(parameters.truth("pdf", parameters.given("pdf", pdf)))
    media_type = PDF if wanted else HTML
    return await core.fetch_bytes(path, media_type, params={**(params or {}), "pdf": int(wanted)})
