"""Operations of requests for feedback."""

from musement_async.models.feedback_requests import FeedbackRequest
from musement_async.resources.operation import Resource, path


class FeedbackRequests(Resource):
    """Requests to customers for feedback about an activity that they took part in."""

    async def get(self, nonce: str) -> FeedbackRequest:
        """One request for feedback: ``GET /feedback-requests/{feedbackRequestNonce}``.

        Args:
            nonce: The nonce in the link that the customer was sent.

        Raises:
            BadRequestError: The request cannot be used, or can no longer be used.
            NotFoundError: There is no such request.
        """
        where = path("/feedback-requests/{feedbackRequestNonce}", nonce=nonce)
        return await self._core.fetch(FeedbackRequest, where)
