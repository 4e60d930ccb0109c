"""Where the API lives, and so where the token may go."""

import attrs
import httpx

from musement_async.errors import ArgumentError
from musement_async.transports.setup import is_loopback

PRODUCTION = "https://api.musement.com/api/v3"
SANDBOX = "https://sandbox.musement.com/api/v3"
_LAST_PORT = 65535


@attrs.frozen
class Origin:
    """Scheme, host and port of a base URL."""

    scheme: str
    host: str
    port: int | None

    def owns(self, url: httpx.URL) -> bool:
        """Whether a URL leads to this very origin."""
        return url.host == self.host and url.port == self.port and url.scheme == self.scheme


def parse_base_url(base_url: str, *, allow_insecure_http: bool) -> httpx.URL:
    """A base URL that credentials may be sent to, without a slash at its end.

    Raises:
        ArgumentError: It is not an absolute http(s) URL, or is plain http to another machine.
    """
    try:
        url = httpx.URL(base_url)
        host = url.host
        url.raw_host.decode().encode("idna")  # as whoever looks for the address does: no part empty or too long
    except (httpx.InvalidURL, TypeError, UnicodeError) as error:
        raise ArgumentError("base_url", f"is not a URL: {error}") from error
    if url.port is not None and url.port > _LAST_PORT:
        raise ArgumentError("base_url", f"has a port beyond {_LAST_PORT}")
    if url.scheme not in {"http", "https"} or not host:
        raise ArgumentError("base_url", f"must be absolute, such as {PRODUCTION}")
    if url.userinfo or url.query or url.fragment:
        raise ArgumentError("base_url", "must have no user, query or fragment")
    if url.scheme == "http" and not (allow_insecure_http or is_loopback(host)):
        problem = "is plain http, which shows credentials to the network; use https, or allow_insecure_http=True"
        raise ArgumentError("base_url", problem)
    return url.copy_with(path=url.path.rstrip("/"))
