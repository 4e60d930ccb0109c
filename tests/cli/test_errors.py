"""Errors, told in one line."""

import errno

import httpx
import pytest
from cyclopts.exceptions import CycloptsError

from musement_async import ArgumentError, AuthenticationError, BadRequestError, NetworkError
from musement_async.cli.errors import CommandError, explain
from musement_async.cli.usage import TAKES

NO_APPLICATION = BadRequestError("GET /cities: 400 no", status=400, method="GET", path="/cities", code="2271")
OTHER_REFUSAL = BadRequestError("GET /cities: 400 no", status=400, method="GET", path="/cities", code="0")
NO_PICKUP = BadRequestError(
    "GET /dates: 400 no; pass pickup=..., one of them", status=400, method="GET", path="/dates", code="1578"
)
REFUSED_LOGIN = AuthenticationError("the login was refused", status=400, method="GET", path="/login", code="-1")
REFUSED_CALL = AuthenticationError("GET /cities: 401 no", status=401, method="GET", path="/cities", code="-1")
TRY = "--local needs no settings, and musement serve prints some to try"
PLAIN = "MUSEMENT_BASE_URL is plain http"
CHECK = "check MUSEMENT_BASE_URL and the network"


def caused(problem: str) -> NetworkError:
    error = NetworkError(f"GET /cities: {problem}", method="GET", path="/cities")
    error.__cause__ = httpx.ConnectError(problem, request=httpx.Request("GET", "https://api.invalid/cities"))
    return error


CASES = [
    (BrokenPipeError(), "", 141),
    (OSError(errno.ENOSPC, "No space left on device"), "No space left on device", 1),
    (FileNotFoundError(errno.ENOENT, "No such file", "ca.pem"), "No such file: ca.pem", 1),
    (OSError("something else"), "something else", 1),
    (CycloptsError(msg="Unknown thing."), "Unknown thing. (musement --help tells more)", 2),
    (ArgumentError("base_url", "is not a URL"), "MUSEMENT_BASE_URL is not a URL", 2),
    (ArgumentError("application", "is odd"), "MUSEMENT_APPLICATION is odd", 2),
    (ArgumentError("token", "is odd"), "token is odd", 2),
    (ArgumentError("MUSEMENT_CLIENT_ID", "is not set"), f"MUSEMENT_CLIENT_ID is not set; {TRY}", 2),
    (ArgumentError("base_url", "is plain http; use https, or allow_insecure_http=True"), f"{PLAIN}; use https", 2),
    (ArgumentError("activity_uuid", "must be a UUID, or an Activity"), f"UUID takes {TAKES['UUID']}", 2),
    (ArgumentError("pickup", "is odd, or a PickupPoint"), "--pickup is odd", 2),
    (REFUSED_LOGIN, "the login was refused", 2),
    (REFUSED_CALL, "GET /cities: 401 no", 1),
    (NO_APPLICATION, "MUSEMENT_APPLICATION is missing or wrong (GET /cities: 400, code 2271)", 2),
    (OTHER_REFUSAL, "GET /cities: 400 no", 1),
    (NetworkError("GET /cities: broke", method="GET", path="/cities"), "GET /cities: broke", 1),
    (caused("[Errno -2] Name or service not known"), f"there is no host api.invalid; {CHECK}", 1),
    (
        caused("the login it waited for failed: getaddrinfo failed"),
        f"the login failed: there is no host api.invalid; {CHECK}",
        1,
    ),
    (caused("broke"), "api.invalid cannot be reached: broke", 1),
    (ArgumentError("date_to", "must not be before date_from"), "--to must not be before --from", 2),
    (NO_PICKUP, "GET /dates: 400 no; pass --pickup, one of them", 1),
    (CommandError("several\nlines\n  of text"), "several lines of text", 1),
    (CommandError("cannot"), "cannot", 1),
]


@pytest.mark.parametrize(("error", "line", "code"), CASES, ids=[line or "nothing" for _, line, _ in CASES])
def test_an_error_becomes_a_line_and_an_exit_code(error: Exception, line: str, code: int) -> None:
    failure = explain(error)
    assert (failure.line, failure.code) == (line, code)


@pytest.mark.parametrize(("error", "answer"), [(BrokenPipeError(), True), (CommandError(), False)], ids=repr)
def test_only_the_machine_s_errors_may_be_about_the_output(error: Exception, answer: object) -> None:
    assert explain(error).is_about_output is answer
