"""Sessions of customers at the application: who is logged in, kept under digests of the session ids."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

import attrs
import msgspec

MAX_AGE = timedelta(days=400)  # browsers keep no cookie longer
LONGEST_LOGIN = timedelta(days=1)  # and much more


class LoggedIn(msgspec.Struct, frozen=True, kw_only=True):
    """One session of a customer at the application.

    Attributes:
        key: The digest of the session id; also the name of the session at Musement.
        customer: Musement's id of the customer.
        started_at: When the customer logged in, as an aware datetime.
        seen_at: When the session was used last, give or take a minute.
        label: What the application calls the session, such as the browser.
    """

    key: str
    customer: str
    started_at: datetime
    seen_at: datetime
    label: str | None = None


class SessionStore(Protocol):
    """Keeps sessions for all processes of an application. Errors of a store are a ``TokenStoreError``."""

    async def now(self) -> int:
        """A number for this moment, greater than those before it, in all processes."""
        ...

    async def save(self, session: LoggedIn, lifetime: timedelta, began: int) -> bool:
        """Add or replace a session, and forget it after that time.

        Returns:
            Whether it was added; not if the logins of its customer were ended after the moment ``began``.
        """
        ...

    async def touch(self, session: LoggedIn, lifetime: timedelta) -> None:
        """Replace a session, unless it has ended meanwhile."""
        ...

    async def load(self, key: str) -> LoggedIn | None:
        """The session under a key; None if there is none, or it has ended."""
        ...

    async def delete(self, session: LoggedIn) -> None:
        """Forget a session, if it is there."""
        ...

    async def of_customer(self, customer: str) -> list[LoggedIn]:
        """The sessions of a customer."""
        ...

    async def end_logins(self, customer: str) -> None:
        """Refuse to add sessions of a customer whose logins began before this moment; for a day."""
        ...

    async def take_ended(self, limit: int) -> list[str]:
        """The keys of some sessions whose time is up, each given once."""
        ...


@attrs.define
class _Kept:
    session: LoggedIn
    until: datetime


class MemorySessionStore:
    """Keeps sessions in the memory of one process: they end with it, and no other process knows them."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._ended: list[str] = []
        self._ended_logins: dict[str, tuple[int, datetime]] = {}
        self._moments = count(1)
        self._sweep_at = datetime.now(UTC)

    def __len__(self) -> int:
        """The number of sessions that it keeps."""
        return len(self._kept)

    async def now(self) -> int:
        """A number for this moment, greater than those before it."""
        return next(self._moments)

    async def save(self, session: LoggedIn, lifetime: timedelta, began: int) -> bool:
        """Add or replace a session, and forget it after that time; not if its customer's logins were ended since."""
        ended, _ = self._ended_logins.get(session.customer, (0, None))
        if ended < began:
            self._kept[session.key] = _Kept(session, datetime.now(UTC) + lifetime)
        return ended < began

    async def touch(self, session: LoggedIn, lifetime: timedelta) -> None:
        """Replace a session, unless it has ended meanwhile."""
        if session.key in self._kept:
            self._kept[session.key] = _Kept(session, datetime.now(UTC) + lifetime)

    async def load(self, key: str) -> LoggedIn | None:
        """The session under a key; None if there is none, or it has ended."""
        kept = self._kept.get(key)
        return kept.session if kept is not None and datetime.now(UTC) < kept.until else None

    async def delete(self, session: LoggedIn) -> None:
        """Forget a session, if it is there."""
        self._kept.pop(session.key, None)

    async def of_customer(self, customer: str) -> list[LoggedIn]:
        """The sessions of a customer."""
        now = datetime.now(UTC)
        return [kept.session for kept in self._kept.values() if kept.session.customer == customer and now < kept.until]

    async def end_logins(self, customer: str) -> None:
        """Refuse to add sessions of a customer whose logins began before this moment; for a day."""
        self._ended_logins[customer] = next(self._moments), datetime.now(UTC) + LONGEST_LOGIN

    async def take_ended(self, limit: int) -> list[str]:
        """The keys of some sessions whose time is up, each given once. It looks for new ones once a minute."""
        now = datetime.now(UTC)
        if now >= self._sweep_at:
            self._sweep_at = now + timedelta(minutes=1)
            self._ended += [key for key, kept in self._kept.items() if now >= kept.until]
            self._kept = {key: kept for key, kept in self._kept.items() if now < kept.until}
            self._ended_logins = {
                customer: (moment, until) for customer, (moment, until) in self._ended_logins.items() if now < until
            }
        taken, self._ended = self._ended[:limit], self._ended[limit:]
        return taken
