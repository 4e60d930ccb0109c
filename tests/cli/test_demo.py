"""``musement demo``."""

import re
import subprocess
from collections.abc import Callable

import pytest

from musement_async.cli.demo import Burst, _count
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]

ROW = re.compile(r"(.+?)  +([\d.]+)(?:  +(\d+( or more)?))?")


def counted(output: str) -> dict[str, str]:
    table = output.partition("Should be\n")[2].splitlines()
    rows = [ROW.fullmatch(line) for line in table]
    return {row[1]: row[2] for row in rows if row}


def test_it_shows_the_library_at_work_and_succeeds(command: tuple[str, ...]) -> None:
    ended = subprocess.run([*command, "demo"], capture_output=True, text=True, check=False, timeout=100)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("\nAll of it is as it should be.\n")


def test_it_lists_cities_and_activities_with_prices(musement: Command) -> None:
    output = musement("demo", "--requests", "1").stdout
    listed, _, asked = output.partition("Ask for the days of")
    assert len(re.findall(r"€ \d+\.\d\d$", listed, re.MULTILINE)) == 5
    days, _, offers = asked.partition("Ask for the prices on")
    assert len(re.findall(r"^\d{4}-\d\d-\d\d +€ \d+\.\d\d", days, re.MULTILINE)) == 5
    assert re.search(r"Adult +ADULT +€ \d+\.\d\d", offers)
    assert re.search(r"^ *2  Rome +Italy +\d+$", output, re.MULTILINE)


@pytest.mark.parametrize("requests", [1, 41, 42, pytest.param(200, marks=pytest.mark.stress)])
def test_the_token_dies_under_the_requests_and_is_renewed_once(musement: Command, requests: int) -> None:
    ended = musement("demo", "--requests", str(requests))
    numbers = counted(ended.stdout)
    assert ended.returncode == 0
    assert numbers["requests"] == numbers["answered with 200"] == numbers["calls that returned a city"] == str(requests)
    assert numbers["answered with 401"] == numbers["sent again with the new token"]
    assert numbers["renewals of the token"] == "1"
    assert numbers["other logins"] == numbers["refresh tokens used twice"] == numbers["calls that failed"] == "0"


def test_the_token_dies_in_the_middle(musement: Command) -> None:
    refused = int(counted(musement("demo").stdout)["answered with 401"])
    assert 1 <= refused <= 40  # twenty are under way; the others wait for the new token


def failing(ended: Ended) -> str:
    assert ended.returncode == 1
    assert "as it should be" not in ended.stdout
    assert ended.stderr.startswith("musement: the demo went wrong: ")
    assert ended.stderr.count("\n") == 1
    return ended.stderr


def test_a_token_that_did_not_die_fails_it(musement: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalMusement, "expire_tokens", lambda _: 0)
    told = failing(musement("demo", "--requests", "60"))
    assert "answered with 401: 0 instead of 1 or more" in told
    assert "renewals of the token: 0 instead of 1" in told


def test_a_session_that_is_lost_fails_it(musement: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalMusement, "expire_tokens", LocalMusement.revoke_tokens)
    assert "other logins: 1 instead of 0" in failing(musement("demo", "--requests", "60"))


@pytest.mark.asyncio
async def test_a_second_renewal_counts_as_wrong(local_musement: LocalMusement) -> None:
    client = local_musement.client(local_musement.customer)
    await client.cities.get(2)
    local_musement.reset()
    for _ in range(2):
        local_musement.expire_tokens()
        await client.cities.get(2)
    wrong = [str(check) for check in _count(local_musement, 2, Burst(answered=2)) if not check.holds]
    assert wrong == ["renewals of the token: 2 instead of 1"]


def test_a_failed_call_fails_it_and_is_told(musement: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    reset = LocalMusement.reset

    def reset_and_break(local: LocalMusement) -> None:
        reset(local)
        local.fail_next(100, status=500, path="/cities/2")

    monkeypatch.setattr(LocalMusement, "reset", reset_and_break)
    told = failing(musement("demo", "--requests", "10"))
    assert "calls that failed: 2 instead of 0 (GET /cities/2: 500 " in told
    assert "calls that returned a city: 8 instead of 10" in told


def test_an_empty_catalogue_fails_it(musement: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("musement_async.testing.LocalMusement", lambda: LocalMusement(activities=0), raising=False)
    told = failing(musement("demo", "--requests", "60"))
    assert "cities: 0 instead of 5" in told


def test_a_proxy_in_the_environment_is_not_asked(musement: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert musement("demo", "--requests", "1").returncode == 0
