"""A server with occasional faults: ``python tests/soak/server.py``. It prints its port, and ends with its input."""

import asyncio
import json
import random
import sys
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

ANSWERS: dict[str, object] = {
    "/api/v3/login": {"access_token": "good-token", "token_type": "Bearer", "expires_in": 3600},
    "/api/v3/cities": [{"id": 2, "name": "Rome"}, {"id": 3, "name": "Milan"}],
}
ONE: object = {"id": 2, "name": "Rome", "uuid": "0f5e1d4c-3b2a-4958-8776-655443322110"}


def answer(body: bytes, status: int = 200, *headers: bytes) -> bytes:
    """A complete answer."""
    lines = [b"HTTP/1.1 %d Said" % status, b"Content-Length: %d" % len(body), *headers, b"", body]
    return b"\r\n".join(lines)


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, soak: "Soak") -> None:
        self._soak = soak
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        if not end or len(rest) < _length(head):
            return
        self._received = b""
        self._soak.answer(self._transport, urlsplit(head.split(b" ", 2)[1].decode()))


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


class Soak:
    """Answers requests; a share of the answers are random faults, the same ones after each change of the share."""

    def __init__(self) -> None:
        self._chance = random.Random(0)
        self._share = 0.0

    def answer(self, line: asyncio.Transport, url: SplitResult) -> None:
        """Answer a request."""
        if url.path == "/control":
            self._chance = random.Random(0)
            self._share = float(parse_qs(url.query)["share"][0])
            line.write(answer(b"{}"))
        elif self._chance.random() < self._share:
            self._chance.choice(FAULTS)(line)
        else:
            line.write(answer(json.dumps(ANSWERS.get(url.path, ONE)).encode(), 200, b"Content-Type: application/json"))


def sent_then(end: Callable[[asyncio.Transport], None], data: bytes) -> Callable[[asyncio.Transport], None]:
    """A fault that begins with some bytes."""

    def fault(line: asyncio.Transport) -> None:
        line.write(data)
        end(line)

    return fault


def reset(line: asyncio.Transport) -> None:
    """Reset a connection."""
    line.abort()


def close(line: asyncio.Transport) -> None:
    """Close a connection gracefully."""
    line.close()


def keep(_: asyncio.Transport) -> None:
    """Leave a connection open."""


FAULTS: list[Callable[[asyncio.Transport], None]] = [
    reset,
    close,
    sent_then(reset, b"HTTP/1.1 200 OK\r\nContent-"),
    sent_then(close, b"HTTP/1.1 200 OK\r\nContent-"),
    sent_then(reset, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    sent_then(close, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    sent_then(close, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    sent_then(close, b"no HTTP\r\n\r\n"),
    sent_then(keep, answer(b"")),
    sent_then(keep, answer(b"<html>")),
    sent_then(keep, answer(b'{"id": 2, "na')),
    sent_then(keep, answer(b"none", 200, b"Content-Encoding: gzip")),
    sent_then(keep, answer(b"<html>", 502)),
    sent_then(keep, answer(b"{}", 429, b"Retry-After: 0")),
    sent_then(keep, answer(b"{}", 401)),
    sent_then(keep, answer(b"", 302, b"Location: http://127.0.0.1:9/")),
    keep,
]


async def main() -> None:
    """Serve until the input ends."""
    loop = asyncio.get_running_loop()
    soak = Soak()
    server = await loop.create_server(lambda: Line(soak), "127.0.0.1", 0)
    async with server:
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
