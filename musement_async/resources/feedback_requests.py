"""Requests for feedback."""

from musement_async.core import Core
from musement_async.models.feedback_requests import FeedbackRequest
from musement_async.paths import build_path
from musement_async.resources import parameters


class FeedbackRequests:
    """What customers are asked about an activity that they took part in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def get(self, nonce: str) -> FeedbackRequest:
        """One request for feedback: ``GET /feedback-requests/{feedbackRequestNonce}``.

        Args:
            nonce: What names the request, from the link that the customer was sent.

        Raises:
            ArgumentError: It is no text, or empty.
            BadRequestError: The request cannot be used, or no longer.
            NotFoundError: There is no such request.
        """
        text = parameters.code("nonce", nonce)
        path = build_path("/feedback-requests/{feedbackRequestNonce}", feedbackRequestNonce=text)
        return await self._core.fetch(FeedbackRequest, path)
