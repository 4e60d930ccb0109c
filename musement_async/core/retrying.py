"""Retries of failed calls. The module is imported when the first call fails."""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic

import tenacity

from musement_async.core.exceptions import is_worth_a_retry
from musement_async.core.observing import log
from musement_async.core.requests import ApiCall
from musement_async.core.responses import Response
from musement_async.errors import APIError, MusementError, TransportError
from musement_async.retries import Retries
from musement_async.transports.backoff import back_off


async def retry(
    call: ApiCall, attempt: Callable[[], Awaitable[Response]], failure: MusementError, *, retries: Retries, until: float
) -> Response:
    """Retry a call that has failed once.

    Args:
        call: The call.
        attempt: Makes one attempt.
        failure: The error of the first attempt.
        retries: The retry policy.
        until: The latest start of an attempt, on the monotonic clock.

    Raises:
        MusementError: The error of the last attempt.
    """
    first = [failure]

    async def once() -> Response:
        # tenacity counts attempts and derives the back-off from the count, so it is shown the first one too.
        return await _replay(first.pop()) if first else await attempt()

    backoff = tenacity.wait_random_exponential(multiplier=retries.initial_backoff, max=retries.max_backoff)

    def wait(state: tenacity.RetryCallState) -> float:
        asked = _asked(_failure(state))
        # Callers must not all return at the moment that the server named.
        return backoff(state) if asked is None else min(asked + backoff(state), max(asked, retries.max_backoff))

    def is_over(state: tenacity.RetryCallState) -> bool:
        asked = _asked(_failure(state)) or 0
        late = monotonic() + state.upcoming_sleep > until
        return state.attempt_number > retries.times or asked > retries.max_backoff or late

    def tell(state: tenacity.RetryCallState) -> None:
        _tell(call, _failure(state), state.upcoming_sleep)

    again = tenacity.AsyncRetrying(
        sleep=back_off,
        wait=wait,
        stop=is_over,
        retry=tenacity.retry_if_exception(
            lambda problem: isinstance(problem, MusementError) and is_worth_a_retry(call, problem)
        ),
        before_sleep=tell,
        reraise=True,
    )
    try:
        return await again(once)
    except MusementError as last:
        if call.attempt > 1:
            last.add_note(f"attempt {call.attempt} of the call; the first one ended with: {failure}")
        raise


async def _replay(failure: MusementError) -> Response:
    raise failure


def _failure(state: tenacity.RetryCallState) -> MusementError:
    assert state.outcome is not None  # noqa: S101 - tenacity asks after an attempt
    failure = state.outcome.exception()
    assert isinstance(failure, MusementError)  # noqa: S101 - and only about what is worth a retry
    return failure


def _asked(failure: MusementError) -> float | None:
    return failure.retry_after if isinstance(failure, APIError) else None


def _tell(call: ApiCall, failure: MusementError, seconds: float) -> None:
    status = failure.status if isinstance(failure, APIError) else None
    reason = str(status or type(failure).__name__)
    cause = f" ({failure.__cause__})" if isinstance(failure, TransportError) else ""
    log.log(
        logging.INFO,
        "%s %s: %s%s; attempt %d follows in %.3g s",
        call.method,
        call.path.template,
        reason,
        cause,
        call.attempt + 1,
        seconds,
        extra={
            "method": call.method,
            "path_template": call.path.template,
            "status": status,
            "attempt": call.attempt,
            "reason": reason,
            "pause": seconds,
            "request_id": getattr(failure, "request_id", None),
        },
    )
