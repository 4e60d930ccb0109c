import base64
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import anyio
import httpx
import pytest

from musement_async import WebhookCredentials
from musement_async.testing import LocalMusement
from musement_async.testing.booking.webhooks import MOST_ATTEMPTS

Buyer = Any
URL = "https://partner.example.com/webhooks"
SENDER = "local-musement-webhooks"


class Receiver:
    """A partner's endpoint, as an httpx transport, which keeps the requests and gives its answers in turn."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.requests: list[httpx.Request] = []

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status = self._statuses.pop(0) if self._statuses else 200
        if status == 0:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(status)


def deliver(local: LocalMusement, receiver: Receiver | httpx.MockTransport) -> int:
    transport = receiver.transport() if isinstance(receiver, Receiver) else receiver
    return anyio.run(local.deliver_webhooks, transport)


def test_a_webhook_says_everything_in_strings(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    order = buyer.paid(buyer.plain().entry)
    (payload,) = local.pending_webhooks()
    assert payload["order_uuid"] == order["uuid"]
    assert payload["order_item_uuid"] == order["items"][0]["uuid"]
    assert (payload["order_item_status"], payload["order_item_version"]) == ("OK", "2")
    assert payload["order_created"].endswith("+0000")
    assert all(isinstance(value, str) for value in payload.values())
    assert payload["order_id"].isdecimal()


def test_every_change_is_told_in_order(buyer: Buyer, local: LocalMusement, clock: Any) -> None:
    local.send_webhooks_to(URL)
    slow = buyer.offer(lambda activity: activity.confirmation != "P0D")
    order = buyer.paid(slow.entry)
    clock.now += 2
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    buyer.ask(path, "DELETE", json={"cancellation_reason": "GRACE-PERIOD"})
    clock.now += 2
    told = [(hook["order_item_status"], hook["order_item_version"]) for hook in local.pending_webhooks()]
    assert told == [("PENDING", "1"), ("OK", "2"), ("REFUND_STARTED", "3"), ("REFUNDED", "4")]


def test_nobody_is_told_without_a_receiver(buyer: Buyer, local: LocalMusement) -> None:
    order = buyer.paid(buyer.plain().entry)
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}/notifications"
    assert local.pending_webhooks() == []
    assert buyer.ask(path, "POST").status_code == 400


def test_a_webhook_can_be_asked_for_again(buyer: Buyer, local: LocalMusement) -> None:
    order = buyer.paid(buyer.plain().entry)
    local.send_webhooks_to(URL)
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}/notifications"
    assert buyer.ask(path, "POST").status_code == 204
    assert [hook["order_item_status"] for hook in local.pending_webhooks()] == ["OK"]


def test_gifts_tell_nobody(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    gift = buyer.get(f"/gifts/{local.gift_code}", params={"giftHash": local.gift_hash})
    cart = buyer.cart()
    body = {
        "event_id": gift["activity_uuid"],
        "feature_code": "STANDARD",
        "products_with_quantities": [{"holder_code": "ADULT", "quantity": 1}],
    }
    buyer.post(f"/carts/{cart}/gifts", body)
    order = buyer.post("/orders", {"cart_uuid": cart})
    buyer.post("/payments/no/payment", {"uuid": order["uuid"]})
    assert local.pending_webhooks() == []


def test_webhooks_are_delivered_with_the_credentials(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL, ("partner", "secret"))
    buyer.paid(buyer.plain().entry)
    receiver = Receiver()
    assert deliver(local, receiver) == 1
    (request,) = receiver.requests
    assert (str(request.url), request.headers["Content-Type"]) == (URL, "application/json")
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == b"partner:secret"
    assert local.pending_webhooks() == []


@pytest.mark.parametrize("status", [204, 302, 500, 0])
def test_anything_but_200_is_tried_again(buyer: Buyer, local: LocalMusement, status: int) -> None:
    local.send_webhooks_to(URL)
    buyer.paid(buyer.plain().entry)
    receiver = Receiver(status)
    assert [deliver(local, receiver) for _ in range(3)] == [0, 1, 0]
    assert receiver.requests[0].content == receiver.requests[1].content


def test_it_is_given_up_at_last(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    buyer.paid(buyer.plain().entry)
    receiver = Receiver(*[500] * 10)
    for _ in range(MOST_ATTEMPTS + 1):
        deliver(local, receiver)
    assert len(receiver.requests) == MOST_ATTEMPTS
    assert local.pending_webhooks() == []


def test_one_that_is_given_up_is_logged(buyer: Buyer, local: LocalMusement, caplog: pytest.LogCaptureFixture) -> None:
    local.send_webhooks_to(URL)
    order = buyer.paid(buyer.plain().entry)
    for _ in range(MOST_ATTEMPTS):
        assert [record for record in caplog.records if record.name == "musement_async.testing"] == []
        deliver(local, Receiver(500))
    (warning,) = [record for record in caplog.records if record.name == "musement_async.testing"]
    assert warning.levelname == "WARNING"
    assert warning.getMessage() == (
        f"{URL} did not accept a webhook about order {order['uuid']} in 5 attempts, the last one: status 500"
    )


def test_one_on_its_way_is_pending_until_it_is_accepted(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    buyer.paid(buyer.plain().entry)
    before = local.pending_webhooks()
    meanwhile = []

    def accept(_request: httpx.Request) -> httpx.Response:
        meanwhile.append(local.pending_webhooks())
        return httpx.Response(200)

    deliver(local, httpx.MockTransport(accept))
    assert (meanwhile, local.pending_webhooks()) == ([before], [])


def test_one_that_is_forgotten_on_its_way_does_not_come_again(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    buyer.paid(buyer.plain().entry)

    def fail(_request: httpx.Request) -> httpx.Response:
        local.reset()
        return httpx.Response(500)

    deliver(local, httpx.MockTransport(fail))
    assert local.pending_webhooks() == []


def test_one_whose_receiver_raises_and_those_after_it_come_again(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    for _ in range(2):
        buyer.paid(buyer.plain().entry)
    before = local.pending_webhooks()

    def fail(_request: httpx.Request) -> httpx.Response:
        raise LookupError("a fault of the application's")

    with pytest.raises(LookupError):
        deliver(local, httpx.MockTransport(fail))
    assert local.pending_webhooks() == before
    assert deliver(local, Receiver(200, 200)) == 2


def test_the_receivers_credentials_are_sent(buyer: Buyer, local: LocalMusement) -> None:
    credentials = WebhookCredentials("partner", "secret")
    local.send_webhooks_to(URL, credentials)
    buyer.paid(buyer.plain().entry)
    receiver = Receiver(200)
    deliver(local, receiver)
    assert credentials.accepts(receiver.requests[0].headers["authorization"])


@pytest.mark.parametrize("url", ["localhost:80/x", "ftp://localhost/x", "", "http://", "http://a:port"])
def test_what_is_no_url_of_a_receiver_is_refused(local: LocalMusement, url: str) -> None:
    with pytest.raises(ValueError, match=r"^url: must be a URL of http or https$"):
        local.send_webhooks_to(url)


def test_webhooks_can_be_ended(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    local.send_webhooks_to(None)
    buyer.paid(buyer.plain().entry)
    assert local.pending_webhooks() == []


def test_a_reset_forgets_what_is_pending_and_not_the_receiver(buyer: Buyer, local: LocalMusement) -> None:
    local.send_webhooks_to(URL)
    buyer.paid(buyer.plain().entry)
    local.reset()
    assert local.pending_webhooks() == []
    buyer.paid(buyer.plain().entry)
    assert len(local.pending_webhooks()) == 1


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[str], threading.Semaphore]]:
    """A partner's endpoint on a real port that refuses its first webhook: its URL, its requests and their counter."""
    bodies: list[str] = []
    arrived = threading.Semaphore(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200 if len(bodies) > 1 else 500)
            self.send_header("Content-Length", "0")
            self.end_headers()
            arrived.release()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", bodies, arrived
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_running_server_delivers_by_itself(
    buyer: Buyer, local: LocalMusement, endpoint: tuple[str, list[str], threading.Semaphore]
) -> None:
    url, bodies, arrived = endpoint
    before = threading.enumerate()
    local.send_webhooks_to(url)
    with local.running():
        buyer.paid(buyer.plain().entry)
        assert any(thread.name == SENDER for thread in threading.enumerate() if thread not in before)
        assert all(arrived.acquire(timeout=20) for _ in range(2))
    assert bodies[0] == bodies[1]
    # Those of servers that run for a whole session stay.
    assert not [thread for thread in threading.enumerate() if thread.name == SENDER and thread not in before]


def test_a_running_server_survives_a_receiver_that_is_not_there(buyer: Buyer, local: LocalMusement) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/hook"
    local.send_webhooks_to(url)
    buyer.paid(buyer.plain().entry)
    (delivery,) = local._booking.outbox._waiting
    with local.running():
        wait_until(lambda: delivery.attempts == 2)
    assert len(local.pending_webhooks()) == 1


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never was so")


def test_a_running_server_tells_what_becomes_due(
    buyer: Buyer, local: LocalMusement, clock: Any, endpoint: tuple[str, list[str], threading.Semaphore]
) -> None:
    url, bodies, arrived = endpoint
    order = buyer.paid(buyer.offer(lambda activity: activity.confirmation != "P0D").entry)
    local.send_webhooks_to(url)
    with local.running():
        clock.now += 2
        assert arrived.acquire(timeout=20)
    assert order["uuid"] in bodies[0]
