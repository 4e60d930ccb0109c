"""Answers as a cache keeps them, and the keys that they are kept under."""

import hashlib

import attrs
import msgspec

# Cookies and what belongs to one connection are not kept.
_NOT_KEPT = frozenset({"set-cookie", "connection", "keep-alive", "transfer-encoding", "content-encoding"})


@attrs.frozen
class CacheKey:
    """The key of an answer.

    Attributes:
        path: The path of the call, such as ``/cities/2``.
        digest: A hash of everything that the answer depends on: path, query, language, currency, market, version,
            application, base URL and session.
    """

    path: str
    digest: str

    @classmethod
    def of(cls, path: str, *parts: object) -> "CacheKey":
        """The key of a path and of what else the answer depends on."""
        text = msgspec.json.encode([path, *parts])
        return cls(path, hashlib.sha256(text).hexdigest())


class KeptAnswer(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """An answer of the API.

    The tag is the version of the stored form: an answer of another version counts as absent.

    Attributes:
        status: The HTTP status.
        reason: What the status is called.
        headers: The headers, without cookies.
        content: The body, decompressed.
        stored_at: When it arrived, in seconds since 1970 (UTC).
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    content: bytes
    stored_at: float

    @property
    def is_nothing(self) -> bool:
        """Whether the API said that there is nothing."""
        return self.status == 404

    def to_bytes(self) -> bytes:
        """The stored form."""
        return _encoder.encode(self)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(KeptAnswer)


def from_bytes(value: bytes) -> KeptAnswer | None:
    """The answer of a stored form; None if it is damaged or of another version."""
    try:
        return _decoder.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def kept_headers(headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that are kept."""
    return tuple((name, value) for name, value in headers if name.lower() not in _NOT_KEPT)
