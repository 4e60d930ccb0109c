"""Requests for feedback."""

from starlette.responses import Response

from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.rendering.activities import activity_detail
from musement_async.testing.server.errors import Refusal, not_found
from musement_async.testing.server.request import Asked


def get_feedback_request(world: World, asked: Asked) -> Response:
    """``GET /feedback-requests/{feedbackRequestNonce}``; the nonce is "feedback-" and the number of an activity."""
    catalogue, nonce = world.views().catalogue, asked.path["feedbackRequestNonce"]
    for activity in catalogue.activities:
        if nonce == f"feedback-{activity.number}":
            if activity.status != "ONLINE":
                raise Refusal(400, "0", "Nobody is asked about this activity any more.")
            event = activity_detail(activity, catalogue, asked.locale)
            customer = world.accounts.get(world.accounts.first).profile_json(asked.locale.language)
            return answer({"nonce": nonce, "type": "event", "event": event, "customer": customer})
    raise not_found("such request for feedback")


OPERATIONS: Operations = {"/feedback-requests/{feedbackRequestNonce}": {"GET": get_feedback_request}}
