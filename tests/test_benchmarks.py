"""The benchmarks run; what they measure is no matter of a test."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(BENCHMARKS), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


@pytest.mark.parametrize(
    ("section", "row"),
    [
        ("calls", "client.cities.get"),
        ("imports", "import musement_async"),
        ("load", "client.cities.get, aiohttp"),
        ("processes", "FileTokenStore"),
    ],
)
def test_a_section_prints_its_ratios(section: str, row: str) -> None:
    result = run("--quick", section)
    assert result.returncode == 0, result.stderr
    assert row in result.stdout


def test_a_section_that_does_not_exist_is_refused() -> None:
    result = run("nothing")
    assert result.returncode == 2
    assert "no such section: nothing" in result.stderr
