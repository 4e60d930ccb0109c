"""Runs the code blocks of README.md and docs/ as tests, and a Redis; under CI, counts a skipped test as failed."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md", "docs/reference/*.md"],
    fixtures=["documented_environment"],
).pytest()


@pytest.fixture(scope="module")
def documented_server() -> Iterator[dict[str, str]]:
    """A local server for the code blocks of a document, as the environment that ``MusementClient.from_env()`` reads."""
    from musement_async.testing import LocalMusement

    local = LocalMusement()
    with local.running() as base_url:
        yield {
            "MUSEMENT_BASE_URL": base_url,
            "MUSEMENT_CLIENT_ID": local.client_id,
            "MUSEMENT_CLIENT_SECRET": local.client_secret,
            "MUSEMENT_APPLICATION": local.application,
        }


@pytest.fixture
def documented_environment(
    documented_server: dict[str, str], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_redis = "MUSEMENT_REDIS_URL" in request.path.read_text("utf-8")
    redis = {"MUSEMENT_REDIS_URL": request.getfixturevalue("redis_url")} if needs_redis else {}
    for name in [name for name in os.environ if name.startswith("MUSEMENT_")]:
        monkeypatch.delenv(name)
    for name, value in {**documented_server, **redis}.items():
        monkeypatch.setenv(name, value)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class RedisServer:
    """A Redis on a port of its own, which remembers nothing; it may be killed and started again."""

    def __init__(self, program: str, folder: Path, *options: str, sentinel_of: int | None = None) -> None:
        self.port: int = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        nothing = ("--save", "", "--appendonly", "no", "--dir", str(folder))
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", *nothing, *options]
        if sentinel_of is not None:
            config = folder / "sentinel.conf"  # which it writes to
            lines = (
                *(f"port {self.port}", "bind 127.0.0.1", f"dir {folder}"),
                f"sentinel monitor tokens 127.0.0.1 {sentinel_of} 1",
                *("sentinel down-after-milliseconds tokens 500", "sentinel failover-timeout tokens 3000"),
            )
            config.write_text("\n".join(lines), "utf-8")
            self._command = [program, str(config), "--sentinel"]
        self.start()

    def start(self) -> None:
        self.process: subprocess.Popen[str] = subprocess.Popen(  # noqa: S603 - found on PATH
            self._command, stdout=subprocess.PIPE, text=True
        )
        said: list[str] = []
        for line in self.process.stdout or ():
            said.append(line)
            if "eady to accept connections" in line or "+monitor master" in line:
                return
        raise RuntimeError("".join(said))

    def kill(self) -> None:
        with self.process:
            self.process.kill()


@pytest.fixture(scope="session")
def start_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., RedisServer]]:
    """Starts Redis servers, with further options of the command if they are given; or the Sentinel of a master."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    servers: list[RedisServer] = []

    def start(*options: str, sentinel_of: int | None = None) -> RedisServer:
        servers.append(RedisServer(program, tmp_path_factory.mktemp("redis"), *options, sentinel_of=sentinel_of))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def redis_url(request: pytest.FixtureRequest) -> str:
    """The Redis that all tests share; each works under a prefix of its own."""
    given = os.environ.get("MUSEMENT_TEST_REDIS_URL")
    if given:
        return given
    start: Callable[[], RedisServer] = request.getfixturevalue("start_redis")
    return start().url


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With ``-n N``, gives each test to whichever process is free, and all blocks of a document to one process."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class DocumentScheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            path, _, _ = nodeid.partition("::")
            return path if path.endswith(".md") else nodeid

        def remove_node(self, node: "WorkerController") -> str | None:
            # The inherited one has the test that a process died of run again, and queues what is done, which stalls.
            workload = self.assigned_work.pop(node)
            left: list[tuple[dict[str, bool], str]] = [
                (unit, nodeid) for unit in workload.values() for nodeid, done in unit.items() if not done
            ]
            if not left:
                return None
            unit, crashed = left[0]
            unit[crashed] = True
            self.workqueue.update({scope: unit for scope, unit in workload.items() if not all(unit.values())})
            for other in self.assigned_work:
                self._reschedule(other)
            return crashed

        def _reschedule(self, node: "WorkerController") -> None:
            # A process runs a test once it knows the next one, or that there is none.
            while not node.shutting_down and self._pending_of(self.assigned_work[node]) <= 2:
                if self.workqueue:
                    self._assign_work_unit(node)
                else:
                    node.shutdown()

    return DocumentScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts shuffled code blocks back in order: the later ones of a document use the names of the earlier ones."""
    places = [place for place, item in enumerate(items) if isinstance(item, SybilItem)]
    blocks = [item for item in items if isinstance(item, SybilItem)]
    blocks.sort(key=lambda block: (block.path, block.example.line))
    for place, block in zip(places, blocks, strict=True):
        items[place] = block


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as a skip too; it has ``wasxfail``.
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longreprtext
        report.outcome = "failed"
        report.longrepr = f"Under CI nothing is skipped. {reason}"
