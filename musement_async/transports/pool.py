"""STUB until merge."""
import contextlib
from typing import Any
import httpx, httpcore2

def discard_if_trailing_data(stream: Any) -> None:
    state: Any = stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        state = getattr(state, name, None)
    if state is not None and state.trailing_data[0]:
        state.send_failed()

_MAP = {getattr(httpcore2, n): getattr(httpx, n) for n in ("ConnectTimeout ReadTimeout WriteTimeout PoolTimeout ConnectError ReadError WriteError ProxyError UnsupportedProtocol LocalProtocolError RemoteProtocolError").split()}
@contextlib.contextmanager
def mapped():
    try: yield
    except tuple(_MAP) as e: raise _MAP[type(e)](str(e)) from e

class _S(httpx.AsyncByteStream):
    def __init__(self, s): self._httpcore_stream = s
    async def __aiter__(self):
        with mapped():
            async for c in self._httpcore_stream: yield c
    async def aclose(self):
        await self._httpcore_stream.aclose()

class ConnectionPool(httpx.AsyncBaseTransport):
    def __init__(self, *, limits, verify, proxy=None, http2=False, local_address=None, uds=None):
        self._p = httpcore2.AsyncConnectionPool(ssl_context=verify, max_connections=limits.max_connections, max_keepalive_connections=limits.max_keepalive_connections, keepalive_expiry=limits.keepalive_expiry, http2=http2, local_address=local_address, uds=uds)
    async def handle_async_request(self, request):
        u = request.url
        with mapped():
            r = await self._p.handle_async_request(httpcore2.Request(request.method, httpcore2.URL(scheme=u.raw_scheme, host=u.raw_host, port=u.port, target=u.raw_path), headers=request.headers.raw, content=request.stream, extensions=request.extensions))
        return httpx.Response(r.status, headers=r.headers, stream=_S(r.stream), extensions=r.extensions)
    async def aclose(self): await self._p.aclose()
