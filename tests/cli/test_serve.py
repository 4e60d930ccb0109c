"""``musement serve``."""

import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import httpx
import pytest

from musement_async.cli.serve import _reachable

Ended = subprocess.CompletedProcess[str]
Served = tuple["subprocess.Popen[str]", str]
Serve = Callable[..., Served]


@pytest.fixture
def serve(command: tuple[str, ...]) -> Iterator[Serve]:
    """Starts a server, and returns it with what it said about itself."""
    with ExitStack() as stack:

        def start(*arguments: str) -> Served:
            process = subprocess.Popen(
                [*command, "serve", "--port", "0", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout
            said = ""
            while line := process.stdout.readline():
                said += line
                if line == "Ctrl-C ends it.\n":
                    return process, said
            pytest.fail(f"it ended: {said}{process.communicate()}")

        yield start


def settings(said: str) -> dict[str, str]:
    return dict(re.findall(r"export MUSEMENT_(\w+)=(\S+)", said))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_ends_cleanly(serve: Serve, how: signal.Signals) -> None:
    process, _ = serve()
    process.send_signal(how)
    assert process.communicate(timeout=100) == ("Stopped after 0 requests.\n", "")
    assert process.returncode == 0


def test_what_it_says_from_beginning_to_end(musement: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("musement_async.cli.serve.time", SimpleNamespace(sleep=interrupt))
    before = signal.getsignal(signal.SIGTERM)
    try:
        ended = musement("serve", "--port", "0")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.returncode == 0
    assert ended.stdout.startswith("A local Musement answers at http://127.0.0.1:")
    assert ended.stdout.endswith("Ctrl-C ends it.\nStopped after 0 requests.\n")


def test_programs_can_log_in_and_ask_with_what_it_prints(serve: Serve) -> None:
    process, said = serve()
    given = settings(said)
    application = {"X-Musement-Application": given["APPLICATION"]}
    login = {
        "grant_type": "client_credentials",
        "client_id": given["CLIENT_ID"],
        "client_secret": given["CLIENT_SECRET"],
    }
    token = httpx.get(f"{given['BASE_URL']}/login", params=login, headers=application).json()["access_token"]
    bearer = {**application, "Authorization": f"Bearer {token}"}
    assert httpx.get(f"{given['BASE_URL']}/cities?limit=3", headers=bearer).json()[0]["name"] == "Rome"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=100)[0] == "Stopped after 2 requests.\n"


def test_its_curl_commands_carry_the_values_it_prints(serve: Serve) -> None:
    _, said = serve()
    login, cities = re.findall(r"^  curl (.+)$", said, re.MULTILINE)
    assert [name for name, value in settings(said).items() if value not in login] == []
    assert f"{settings(said)['BASE_URL']}/cities" in cities


def test_it_prints_the_cards_to_pay_with(serve: Serve) -> None:
    _, said = serve()
    assert (
        "Its cards: local-card pays, local-card-refused is refused, local-card-3d-secure asks for 3-D Secure.\n" in said
    )


def test_the_command_works_with_what_it_prints(
    serve: Serve, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = serve()
    for name, value in settings(said).items():
        monkeypatch.setenv(f"MUSEMENT_{name}", value)
    ended = subprocess.run([*command, "cities"], capture_output=True, text=True, check=False, timeout=100)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_its_options_reach_the_local_musement(
    serve: Serve, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = serve("--activities", "7", "--seed", "1", "--token-lifetime", "61")
    given = settings(said)
    login = re.findall(r"'(http://\S+/login\?\S+)'", said)[0]
    application = {"X-Musement-Application": given["APPLICATION"]}
    token = httpx.get(login, headers=application).json()
    bearer = {**application, "Authorization": f"Bearer {token['access_token']}"}
    assert token["expires_in"] == 61
    assert httpx.get(f"{given['BASE_URL']}/activities", headers=bearer).json()["meta"]["count"] == 7


def test_a_port_in_use_is_one_line(command: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [*command, "serve", "--port", port], capture_output=True, text=True, check=False, timeout=100
        )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"musement: cannot listen on --host 127.0.0.1 --port {port}: Address already in use;"
        " --port 0 takes a free one\n"
    )


def test_an_address_of_another_machine_is_one_line(musement: Callable[..., Ended]) -> None:
    ended = musement("serve", "--host", "192.0.2.1", "--port", "0")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("musement: cannot listen on --host 192.0.2.1 --port 0: ")
    assert "; --port" not in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("listening", "called"),
    [("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]"), ("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]")],  # noqa: S104
)
def test_the_printed_url_is_one_that_programs_can_call(listening: str, called: str) -> None:
    assert _reachable(f"http://{listening}:8765/api/v3") == f"http://{called}:8765/api/v3"
