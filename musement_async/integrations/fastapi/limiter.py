"""Failed logins of customers, counted by name and by address, so that guesses stay few."""

import hashlib
import ipaddress
from abc import ABC, abstractmethod
from time import monotonic
from typing import Protocol

import attrs

from musement_async.errors import ArgumentError
from musement_async.values import is_seconds

_MOST_COUNTS = 100_000


class LoginLimiter(Protocol):
    """Decides whether a login may be tried. An attempt counts as failed from its start until it is given back."""

    async def attempt(self, name: str, address: str | None) -> float:
        """Count an attempt.

        Args:
            name: The name that the visitor wants to log in with.
            address: The visitor's IP address; None if it is unknown.

        Returns:
            0 if the attempt may be made, else the seconds until the next one may.
        """
        ...

    async def give_back(self, name: str, address: str | None) -> None:
        """Uncount an attempt that did not fail: the password was right, or Musement could not be asked."""
        ...


def _whole(_instance: object, attribute: "attrs.Attribute[int]", value: int) -> None:
    if type(value) is not int or value < 1:
        raise ArgumentError(attribute.name, "must be a whole number above 0")


def _seconds(_instance: object, attribute: "attrs.Attribute[float]", value: float) -> None:
    if not is_seconds(value):
        raise ArgumentError(attribute.name, "must be a positive number of seconds")


@attrs.frozen
class LoginLimit:
    """The number of failed logins that are accepted: all at once, and later one for each part of the period.

    ``LoginLimit(10, 900)`` accepts ten at once, and from then on one in 90 seconds.

    Args:
        attempts: The number of failed logins.
        period: The seconds after which all of them are forgotten.

    Raises:
        ArgumentError: One of them is not such a number.
    """

    attempts: int = attrs.field(validator=_whole)
    period: float = attrs.field(validator=_seconds)

    @property
    def interval(self) -> float:
        """Seconds for which one attempt counts."""
        return self.period / self.attempts


PER_NAME = LoginLimit(10, 900.0)
PER_ADDRESS = LoginLimit(100, 900.0)


class CountingLimiter(ABC):
    """The rule that all limiters share; subclasses keep the counts.

    The count of a key is the time at which all of its attempts are forgotten.
    """

    def __init__(self, per_name: LoginLimit, per_address: LoginLimit) -> None:
        self._per_name = per_name
        self._per_address = per_address

    async def attempt(self, name: str, address: str | None) -> float:
        """Count an attempt; 0 if it may be made, else the seconds until the next one may."""
        for key, limit in self._counts(name, address):
            wait = await self._take(key, limit)
            if wait > 0:
                return wait  # an address that asks for a blocked name counts all the same
        return 0.0

    async def give_back(self, name: str, address: str | None) -> None:
        """Uncount an attempt that did not fail."""
        for key, limit in self._counts(name, address):
            await self._return(key, limit)

    @abstractmethod
    async def _take(self, key: str, limit: LoginLimit) -> float:
        """Count an attempt; 0 if it may be made, else the seconds until the next one may."""

    @abstractmethod
    async def _return(self, key: str, limit: LoginLimit) -> None:
        """Uncount an attempt."""

    def _counts(self, name: str, address: str | None) -> list[tuple[str, LoginLimit]]:
        counts = [(_digest("name", name.strip().casefold()), self._per_name)]
        if address is not None:
            counts.insert(0, (_digest("address", _network(address)), self._per_address))
        return counts


class MemoryLoginLimiter(CountingLimiter):
    """Counts failed logins in the memory of one process.

    Each of several processes has counts of its own: together they accept as many times as much. Use
    :class:`RedisLoginLimiter` there.

    Args:
        per_name: The limit for one name.
        per_address: The limit for one address; of IPv6, for a network of 64 bits.
    """

    def __init__(self, *, per_name: LoginLimit = PER_NAME, per_address: LoginLimit = PER_ADDRESS) -> None:
        super().__init__(per_name, per_address)
        self._until: dict[str, float] = {}

    def __len__(self) -> int:
        """The number of names and addresses that it counts for."""
        return len(self._until)

    async def _take(self, key: str, limit: LoginLimit) -> float:
        now = monotonic()
        until = max(self._until.get(key, now), now)
        wait = until - now - (limit.attempts - 1) * limit.interval
        if wait > 0:
            return wait
        self._until[key] = until + limit.interval
        if len(self._until) > _MOST_COUNTS:
            self._make_room()
        return 0.0

    async def _return(self, key: str, limit: LoginLimit) -> None:
        until = self._until.get(key, 0.0) - limit.interval
        if until > monotonic():
            self._until[key] = until
        else:
            self._until.pop(key, None)

    def _make_room(self) -> None:
        """Forget the half with the fewest attempts: a single guess at each of many names hides no other guesses."""
        kept = sorted(self._until.items(), key=lambda count: count[1])[_MOST_COUNTS // 2 :]
        self._until = dict(kept)


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode(errors="surrogatepass")).hexdigest()


def _network(address: str) -> str:
    """The address; of IPv6, its network of 64 bits: whoever has one address there has all of them."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ipaddress.IPv6Network((known, 64), strict=False))
