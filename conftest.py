"""Runs the code blocks of README.md and docs/ as tests; under CI, counts a skipped test as failed."""

import os
from collections.abc import Generator, Iterator

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.myst import PythonCodeBlockParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md"], fixtures=["documented_environment"]
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
def documented_environment(documented_server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MUSEMENT_")]:
        monkeypatch.delenv(name)
    for name, value in documented_server.items():
        monkeypatch.setenv(name, value)


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
