"""The local Musement: an ASGI application that behaves as the API does."""

import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Unpack

from starlette.types import Receive, Scope, Send

from musement_async.testing._extra import extra_required
from musement_async.testing.booking.cards import ACCEPTED_CARD, REFUSED_CARD, SECURED_CARD
from musement_async.testing.booking.carts import PROMO_CODE
from musement_async.testing.booking.customers import Customers
from musement_async.testing.booking.orders import SETTLED
from musement_async.testing.booking.service import PERMISSIONS, BookingService, SettlementPolicy
from musement_async.testing.booking.webhooks import Receiver
from musement_async.testing.catalogue.activities import Catalogue
from musement_async.testing.operations import DOCUMENTS, OPERATIONS
from musement_async.testing.operations.handlers import ServerState
from musement_async.testing.rendering.giftboxes import GIFTBOX_CODE
from musement_async.testing.rendering.gifts import GIFT_CODE, GIFT_HASH, GIFT_ITEM_ID
from musement_async.testing.rendering.json_cache import LazyJsonCache
from musement_async.testing.server.asgi import Server, build_router
from musement_async.testing.server.fault_switches import FaultSwitches
from musement_async.testing.server.faults import Faults
from musement_async.testing.server.oauth import AcceptedLogins, OAuth, TokenRules
from musement_async.testing.server.request import LOGIN, PREFIX
from musement_async.testing.server.request_log import Call, RequestLog

if TYPE_CHECKING:
    from uuid import UUID

    import httpx

    from musement_async.auth import ClientCredentials, Credentials, PasswordCredentials
    from musement_async.client import MusementClient
    from musement_async.options import ClientOptions
    from musement_async.webhooks import WebhookCredentials

# One router for all servers: building it takes longer than the rest of a local Musement.
_ROUTER = build_router(OPERATIONS, DOCUMENTS)


class LocalMusement(FaultSwitches):
    """The API as a local server: logins, a catalogue it generates itself, documented errors, faults on demand.

    It is an ASGI application. In process, :meth:`client` gives a client and :meth:`transport` a transport for any httpx
    client; :meth:`running` puts the server on a real port. Its methods may be called from any thread.

    Args:
        seed: Equal seeds give equal catalogues.
        activities: How many activities a search can find; a few drafts and archived ones come on top.
        client_id: The client id that logins are accepted with.
        client_secret: Its secret.
        username: The username of the first customer; other customers sign up.
        password: The password of the first customer, the content manager, and customers who sign up without one.
        manager_username: The username of the content manager.
        application: The id that :meth:`client` sends as ``X-Musement-Application``; requests may send any.
        token_lifetime: Seconds that an access token is good for.
        today: The day that availability is counted from. For orders, this day begins when the server is made. By
            default availability is counted from the current day (UTC), and orders are dated with the clock.
        clock: Returns the time in seconds since 1970, for the expiry of tokens, for orders and for their settlement.
        require_token: Whether reads of the catalogue need a token. Those of the API do not, but the API refuses a bad
            token.
        client_credentials_refresh: Whether client credentials get a refresh token; the API's get none.
        rotation_revokes_access: Whether a refresh revokes the access token that it replaces.
        permissions: What client credentials may do beyond browsing and ordering, by the names of the API's scopes:
            ``comment``, ``no-payment`` and ``order-item-cancellation``.
        settle_after: Seconds on the clock until a booking without instant confirmation is confirmed, and until a refund
            has arrived; with ``math.inf``, only :meth:`settle` does both.
        settle_instantly: Whether a booking of an activity with instant confirmation is confirmed with the payment;
            otherwise ``settle_after`` applies to it too.

    Attributes:
        base_url: The base URL in process.
        client_id: As given.
        client_secret: As given.
        username: As given.
        password: As given.
        manager_username: As given.
        application: As given.
        gift_code: The code of the gift that somebody bought.
        gift_hash: The hash that belongs to ``gift_code``.
        gift_item_id: The number of the order item with which the gift was bought.
        giftbox_code: The redeem code of the gift box that somebody bought.
        promo_code: The discount code that carts take; it takes 10 % off.
        accepted_card: A card that pays for an order. It stands for the token, the encrypted data or the id that a
            payment gateway gives for a customer's card or account.
        refused_card: A card that the gateway refuses.
        secured_card: A card with which the customer has to confirm the payment to their bank (3-D Secure).
    """

    base_url: str = f"http://127.0.0.1{PREFIX}"
    gift_code: str = GIFT_CODE
    gift_hash: str = GIFT_HASH
    gift_item_id: int = GIFT_ITEM_ID
    giftbox_code: str = GIFTBOX_CODE
    promo_code: str = PROMO_CODE
    accepted_card: str = ACCEPTED_CARD
    refused_card: str = REFUSED_CARD
    secured_card: str = SECURED_CARD

    def __init__(
        self,
        *,
        seed: int = 2026,
        activities: int = 500,
        client_id: str = "local-client",
        client_secret: str = "local-secret",  # noqa: S107 - opens nothing but this
        username: str = "customer@example.com",
        password: str = "local-password",  # noqa: S107 - the same
        manager_username: str = "manager@example.com",
        application: str = "local-application",
        token_lifetime: float = 3600,
        today: date | None = None,
        clock: Callable[[], float] = time.time,
        require_token: bool = True,
        client_credentials_refresh: bool = False,
        rotation_revokes_access: bool = True,
        permissions: Iterable[str] = PERMISSIONS,
        settle_after: float = 2,
        settle_instantly: bool = True,
    ) -> None:
        if activities < 0:
            raise ValueError("activities: must not be negative")
        self.client_id = client_id
        self.client_secret = client_secret
        self.username = username
        self.password = password
        self.manager_username = manager_username
        self.application = application
        self._seed = seed
        self._size = activities
        self._cache = LazyJsonCache(seed, activities, today)
        super().__init__(Faults())
        self._request_log = RequestLog()
        self._oauth = OAuth(
            AcceptedLogins(client_id, client_secret, username, password, manager_username),
            TokenRules(token_lifetime, clock, client_credentials_refresh, rotation_revokes_access),
        )
        self._booking = BookingService(
            SettlementPolicy(clock, settle_after, settle_instantly),
            lambda: self._catalogue,
            frozenset(permissions),
            today,
        )
        self._state = ServerState(self._oauth, self._cache.get, Customers(self._oauth, username), self._booking)
        server = Server(self._state, self._oauth, self._faults, self._request_log, require_token)
        self._app = server.application(_ROUTER)

    def __repr__(self) -> str:
        return f"LocalMusement(seed={self._seed}, activities={self._size})"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: the entry point of ASGI."""
        await self._app(scope, receive, send)

    @property
    def credentials(self) -> "ClientCredentials":
        """The client credentials that the server accepts."""
        from musement_async.auth import ClientCredentials

        return ClientCredentials(self.client_id, self.client_secret)

    @property
    def customer(self) -> "PasswordCredentials":
        """The credentials of the first customer."""
        from musement_async.auth import PasswordCredentials

        return PasswordCredentials(self.client_id, self.client_secret, self.username, self.password)

    @property
    def manager(self) -> "PasswordCredentials":
        """The credentials of the content manager, who may call the operations of ``client.content``."""
        from musement_async.auth import PasswordCredentials

        return PasswordCredentials(self.client_id, self.client_secret, self.manager_username, self.password)

    def transport(self) -> "httpx.ASGITransport":
        """A transport with which httpx clients reach the server in process, on asyncio and trio."""
        import httpx

        return httpx.ASGITransport(self)

    def client(self, credentials: "Credentials | None" = None, **options: "Unpack[ClientOptions]") -> "MusementClient":
        """A client of the server in process, ready to use.

        Args:
            credentials: The credentials of the client; :attr:`credentials` by default.
            **options: As for :class:`musement_async.MusementClient`; they replace the options that this method sets.
        """
        from musement_async.client import MusementClient

        options.setdefault("application", self.application)
        options.setdefault("base_url", self.base_url)
        options.setdefault("transport", self.transport())
        return MusementClient(credentials or self.credentials, **options)

    @contextmanager
    def running(self, host: str = "127.0.0.1", port: int = 0) -> Generator[str, None, None]:
        """Put the server on a real port while the block runs; gives the base URL.

        Args:
            host: The address to listen on.
            port: The port; 0 takes a free one.

        Raises:
            OSError: The server cannot listen on the address.
            RuntimeError: The server did not start.
        """
        with extra_required():
            from musement_async.testing.server.port import serve

        with serve(self, host, port) as origin, self._booking.delivering():
            yield origin + PREFIX

    def activity_uuids(self, status: str = "ONLINE") -> list[str]:
        """The UUIDs of the activities with a status: ONLINE, UNAVAILABLE, ARCHIVED, DRAFT or REVIEW."""
        return [activity.uuid for activity in self._catalogue.activities if activity.status == status]

    def expire_tokens(self) -> int:
        """End every access token; refresh tokens stay valid. Returns how many were live."""
        return self._oauth.expire()

    def revoke_tokens(self) -> int:
        """End every access and refresh token. Returns how many were live."""
        return self._oauth.revoke()

    def refuse_payments(self, times: int) -> None:
        """Answer the next payments with 422, whatever the card; the order can be paid afterwards.

        Args:
            times: How many payments.
        """
        self._booking.refuse_payments(times)

    def change_prices(self, percent: int) -> int:
        """Change the prices in carts that are not ordered yet, as if they changed after the carts were shown.

        The prices of the catalogue and of gifts stay.

        Args:
            percent: The new prices, in percent of the catalogue's; 100 restores the old prices.

        Returns:
            How many items are in those carts.
        """
        return self._booking.change_prices(percent)

    def settle(self, order_uuid: "UUID | str | None" = None, status: str = "OK") -> int:
        """Settle bookings that are paid for and ``PENDING``, whatever the clock says. Returns how many there were.

        Args:
            order_uuid: Only the bookings of this order.
            status: The new status: ``OK`` or ``KO``.
        """
        if status not in SETTLED:
            raise ValueError(f"status: must be one of {', '.join(SETTLED)}")
        return self._booking.settle(None if order_uuid is None else str(order_uuid), status)

    def send_webhooks_to(
        self, url: str | None, credentials: "WebhookCredentials | tuple[str, str] | None" = None
    ) -> None:
        """Send a webhook to a URL for every change of an order item's status from now on.

        While the server is :meth:`running`, a webhook is sent up to five times, with growing pauses, until it is
        answered with status 200; one that is given up is a warning under ``musement_async.testing``. In process, only
        :meth:`deliver_webhooks` sends webhooks.

        Args:
            url: The URL of the receiver; None for no receiver.
            credentials: What the receiver accepts, or a username and a password, for HTTP Basic.

        Raises:
            ValueError: The URL is not one of http or https.
        """
        if url is not None and not _is_web(url):
            raise ValueError("url: must be a URL of http or https")
        if credentials is not None and not isinstance(credentials, tuple):
            credentials = (credentials.username, credentials.password)
        self._booking.outbox.receiver = None if url is None else Receiver(url, credentials)

    def pending_webhooks(self) -> list[dict[str, str]]:
        """The payloads of the webhooks that nobody has accepted yet, oldest first; not of those given up."""
        with self._booking.lock:
            self._booking.tick()
            return self._booking.outbox.payloads

    async def deliver_webhooks(self, transport: "httpx.AsyncBaseTransport | None" = None) -> int:
        """Send each pending webhook once. Returns how many were accepted; the others stay pending, up to five attempts.

        Args:
            transport: The transport to the receiver, such as an ``httpx.ASGITransport``; the network by default.
        """
        with self._booking.lock:
            self._booking.tick()
        return await self._booking.outbox.deliver(transport)

    @property
    def orders(self) -> list[str]:
        """The UUIDs of all orders, oldest first."""
        with self._booking.lock:
            return [order.uuid for order in self._booking.orders]

    def reset(self, *, everything: bool = False) -> None:
        """Forget all faults, calls, counters, carts, orders, and webhooks that were not sent yet.

        Tokens stay valid. Customers, reviews, comments, widgets and the receiver of webhooks stay.

        Args:
            everything: Forget these too: the server is as if it had just been made with the same arguments.
        """
        with self._booking.lock:
            self._booking.clear()
            if everything:
                self._booking.restart()
                self._cache.forget()
                self._oauth.clear()
                self._state.customers.clear()
                self._state.reviews.clear()
                self._state.widgets.clear()
        self._faults.clear()
        self._request_log.clear()
        self._oauth.reset_counters()

    @property
    def calls(self) -> list[Call]:
        """The answered requests, oldest first, the latest 10,000 of them.

        A call is logged when its work is done. A call that is cut off before is not logged.
        """
        return self._request_log.calls

    def count(self, path: str | None = None, method: str | None = None, status: int | None = None) -> int:
        """How many requests were answered.

        Args:
            path: Only requests of this template, such as ``/cities/{cityId}``.
            method: Only requests with this HTTP method.
            status: Only requests answered with this HTTP status.
        """
        return self._request_log.count(path, method, status, None)

    def logins(self, grant_type: str | None = None, status: int | None = 200) -> int:
        """How many logins were answered.

        Args:
            grant_type: Only logins with this grant.
            status: Only logins answered with this HTTP status; None counts refused logins too.
        """
        return self._request_log.count(LOGIN, None, status, grant_type)

    @property
    def rotations(self) -> int:
        """How many refresh tokens were traded for new ones."""
        return self._oauth.rotations

    @property
    def reused_refresh_tokens(self) -> int:
        """How many times a used refresh token was presented again."""
        return self._oauth.reused

    @property
    def _catalogue(self) -> Catalogue:
        return self._cache.get().catalogue


def _is_web(url: str) -> bool:
    import httpx

    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in {"http", "https"} and bool(parsed.host)
