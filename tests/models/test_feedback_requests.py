"""A request for feedback in the API's form."""

from uuid import UUID

from musement_async.codec import decode
from musement_async.models import Activity, Customer, FeedbackRequest, Order

BODY = b"""{
    "nonce": "k3j2",
    "type": "event",
    "event": {"uuid": "00000000000000000000000000000001", "title": "A walk"},
    "customer": {"id": 7, "firstname": "Ada"},
    "order": {"uuid": "00000000000000000000000000000002", "identifier": "MUS1"}
}"""


def test_a_request_for_feedback_holds_what_it_is_about_and_who_is_asked() -> None:
    assert decode(BODY, FeedbackRequest) == FeedbackRequest(
        nonce="k3j2",
        type="event",
        event=Activity(uuid=UUID(int=1), title="A walk"),
        customer=Customer(id=7, firstname="Ada"),
        order=Order(uuid=UUID(int=2), identifier="MUS1"),
    )
