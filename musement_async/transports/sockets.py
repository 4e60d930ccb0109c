"""The state of sockets, without reading from them."""

import select
from typing import Any

CLOSED = "the transport was closed"


def is_socket_readable(sock: Any) -> bool:  # noqa: ANN401 - a socket of asyncio, uvloop or trio, or None
    """Whether a socket has data or its end to read. A closed socket counts as one that has."""
    descriptor = -1 if sock is None else sock.fileno()
    if descriptor < 0:
        return True
    if not hasattr(select, "poll"):  # Windows lacks it
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
