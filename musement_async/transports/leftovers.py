"""What a server sends beyond the end of an answer."""

from typing import Any

import httpx


def condemn_if_ahead(stream: httpx.AsyncByteStream) -> None:
    """See to it that a connection is not used again where a server has sent more than it announced.

    httpcore would take the rest for the answer to the next request: to somebody else's.
    """
    state: Any = stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        state = getattr(state, name, None)
    if state is not None and state.trailing_data[0]:
        state.send_failed()
