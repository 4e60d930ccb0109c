"""The switches of the local Musement for its faults."""

from collections.abc import Mapping
from functools import partial

from musement_async.testing.server.errors import Refusal
from musement_async.testing.server.faults import Faults
from musement_async.testing.server.list_faults import ListFault


class FaultSwitches:
    """Faults on demand. Every method may be called from any thread."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def respond_slowly(self, seconds: float, *, path: str | None = None, after: bool = False) -> None:
        """Delay answers from now on; 0 seconds end a delay.

        Args:
            seconds: The length of the delay.
            path: A template such as ``/login`` or ``/cities/{cityId}``, or the path of one resource; None delays all.
                The delay of a path counts before the delay of all.
            after: Delay after the work (for instance, after a refresh token was rotated) and before the answer;
                otherwise before the work.
        """
        self._faults.slow(seconds, path, after=after)

    def fail_next(
        self,
        times: int,
        *,
        status: int = 503,
        path: str | None = None,
        code: str = "0",
        message: str = "The local Musement was told to fail.",
        headers: Mapping[str, str] | None = None,
        after: bool = False,
    ) -> None:
        """Answer the next calls with an error, without carrying them out.

        Args:
            times: How many calls.
            status: The HTTP status. With 401, an operation refuses every token.
            path: A template or the path of one resource, as for :meth:`respond_slowly`; None fails any call.
            code: The ``code`` of the body.
            message: The ``message`` of the body.
            headers: More headers of the answer, such as ``Retry-After``.
            after: Carry out the call, then answer with the error, so that the client does not learn of the success.
                Calls that are refused anyway do not count.
        """
        if not 400 <= status <= 599:
            raise ValueError("status: must be an error status, 400 to 599")
        self._faults.fail(times, path, partial(Refusal, status, code, message, headers=headers), after=after)

    def distort_lists(self, fault: ListFault | None, *, path: str | None = None) -> None:
        """Send wrong lists from now on; None ends that.

        Args:
            fault: ``long`` sends pages of twice the items. ``overlapping`` begins each page with the last item of the
                one before, as if the list grew at its front. ``cut`` leaves every page but the first empty, whatever
                the total is. In place of a list, ``null`` sends that, and ``map`` an object with numbers for keys.
            path: A template or the path of one resource, as for :meth:`respond_slowly`; None distorts all lists.
        """
        self._faults.distort_lists(fault, path)
