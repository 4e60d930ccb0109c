"""Ctrl-C with calls under way: the process ends promptly, as Python does, and the library prints nothing."""

import signal
import subprocess
import sys
import textwrap
from typing import Any

import pytest

PROGRAM = """
    import sys

    import anyio

    from musement_async import ClientCredentials, MusementClient

    async def main() -> None:
        credentials = ClientCredentials("local-client", "local-secret")
        client = MusementClient(credentials, base_url=sys.argv[1], application="local-application", login_timeout=1)
        async with client, anyio.create_task_group() as group:
            group.start_soon(client.cities.get, 2)
            group.start_soon(client.carts.create)
            async for city in client.cities.list():
                print(city)

    try:
        anyio.run(main, backend=sys.argv[2])
    except BaseExceptionGroup as group:  # trio wraps whatever leaves a group of tasks
        if group.split(KeyboardInterrupt)[1] is not None:
            raise
        raise KeyboardInterrupt from None
"""
BREAK = -signal.SIGINT  # the exit status of a process after Ctrl-C, and Python's message
LAST_WORDS = "KeyboardInterrupt"


def interrupted(faulty_server: Any, backend: str, requests: int) -> "subprocess.CompletedProcess[str]":
    """Runs a program, and sends Ctrl-C once so many of its requests have arrived."""
    command = [sys.executable, "-W", "always", "-c", textwrap.dedent(PROGRAM), faulty_server.base_url, backend]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        faulty_server.wait_for_requests(requests)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=100)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.mark.skipif(sys.platform == "win32", reason="one process cannot send Ctrl-C to another there")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize(
    ("target", "requests"), [("call", 4), ("login", 1)], ids=["while calls are answered", "while a login has its time"]
)
def test_ctrl_c_ends_a_program_without_noise(faulty_server: Any, backend: str, target: str, requests: int) -> None:
    faulty_server.play(target, ("silent",), times=3)
    ended = interrupted(faulty_server, backend, requests)
    assert ended.returncode == BREAK, ended.stderr
    assert ended.stdout == ""
    assert ended.stderr.strip().endswith(LAST_WORDS)
    noise = ("never retrieved", "unclosed", "never awaited", "destroyed but", "ignored in", "Warning", "ExceptionGroup")
    assert [line for line in ended.stderr.splitlines() if any(word in line for word in noise)] == []
