"""Requests for feedback."""

from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.activities import activity_detail
from musement_async.testing.server.errors import Refusal, not_found
from musement_async.testing.server.request import Request


def get_feedback_request(state: ServerState, request: Request) -> object:
    """``GET /feedback-requests/{feedbackRequestNonce}``; the nonce is "feedback-" and the number of an activity."""
    catalogue, nonce = state.catalogue, request.path["feedbackRequestNonce"]
    for activity in catalogue.activities:
        if nonce == f"feedback-{activity.number}":
            if activity.status != "ONLINE":
                raise Refusal(400, "0", "There is no longer a request for this activity.")
            event = activity_detail(activity, catalogue, request.locale)
            customer = state.customers.get(state.customers.first).profile_json(request.locale.language)
            return {"nonce": nonce, "type": "event", "event": event, "customer": customer}
    raise not_found("such request for feedback")


OPERATIONS: Operations = {"/feedback-requests/{feedbackRequestNonce}": {"GET": get_feedback_request}}
