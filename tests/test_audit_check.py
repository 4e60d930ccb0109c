"""The audit, and how it reads pip-audit's answers."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PINS = """\
anyio==4.16.0 \\
    --hash=sha256:aa
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via pytest
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "adapters.py", line 729, in send
    raise ConnectionError(e, request=request)
{}
"""


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_check", ROOT / "tests" / "audit_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def vulnerability(name: str, *aliases: str, fixed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": name, "aliases": [*aliases], "fix_versions": [*fixed], "description": "bad"}


def report(*, control: bool = True, skipped: str | None = None, **found: dict[str, Any]) -> str:
    entries: list[dict[str, Any]] = [
        {"name": name, "version": "1", "vulns": [found[name]] if name in found else []}
        for name in ("anyio", "colorama")
    ]
    entries.append({"name": "flask", "version": "0.12", "vulns": [vulnerability("PYSEC-1")] if control else []})
    for entry in entries:
        if entry["name"] == skipped:
            del entry["vulns"]
            entry["skip_reason"] = "Dependency not found"
    return json.dumps({"dependencies": entries, "fixes": []})


def test_where_nothing_is_found_it_passes(check: ModuleType) -> None:
    assert check.judge(PINS, report(), "") == (0, ["no known vulnerability in 2 packages"], frozenset())


def test_a_vulnerability_that_is_found_fails_with_its_names_and_the_way_out(check: ModuleType) -> None:
    found = report(anyio=vulnerability("PYSEC-2", "CVE-2", fixed=("4.17", "5.0")), colorama=vulnerability("GHSA-3"))
    assert check.judge(PINS, found, "") == (
        1,
        ["anyio 4.16.0: CVE-2, PYSEC-2; fixed in 4.17, 5.0", "colorama 0.4.6: GHSA-3; fixed in no version yet"],
        frozenset(),
    )


@pytest.mark.parametrize("name", ["PYSEC-2", "CVE-2"])
def test_a_vulnerability_that_is_ignored_by_any_of_its_names_passes(check: ModuleType, name: str) -> None:
    found = report(anyio=vulnerability("PYSEC-2", "CVE-2"))
    verdict = check.judge(PINS, found, "", {name: "the reason"})
    assert (verdict.status, verdict.met) == (0, {name})


@pytest.mark.parametrize(
    ("met", "status", "said"),
    [
        ("CVE-2", 0, ["new.txt: well", "low.txt: well"]),
        ("CVE-9", 1, ["new.txt: well", "low.txt: well", "CVE-2 is ignored, and is found nowhere"]),
    ],
)
def test_an_ignored_vulnerability_has_to_be_found_in_one_of_the_files(
    check: ModuleType, met: str, status: int, said: list[str]
) -> None:
    verdicts = {
        "new.txt": check.Verdict(0, ["well"], frozenset()),
        "low.txt": check.Verdict(0, ["well"], frozenset({met})),
    }
    assert check.together(verdicts, {"CVE-2": "the reason"})[:2] == (status, said)


def test_a_file_that_could_not_be_asked_about_leaves_the_audit_out_unless_another_fails(check: ModuleType) -> None:
    unanswered, bad = check.Verdict(0, ["LEFT OUT: why"]), check.Verdict(1, ["a 1: CVE-1"], frozenset())
    good = check.Verdict(0, ["well"], frozenset())
    assert check.together({"a": good, "b": unanswered})[:2] == (0, ["LEFT OUT: why"])
    assert check.together({"a": bad, "b": unanswered})[:2] == (1, ["a: a 1: CVE-1", "b: LEFT OUT: why"])


def test_a_version_that_a_working_service_does_not_know_fails(check: ModuleType) -> None:
    assert check.judge(PINS, report(skipped="anyio"), "")[:2] == (1, ["anyio 4.16.0: Dependency not found"])


def test_a_package_that_was_not_looked_at_fails(check: ModuleType) -> None:
    assert check.judge(f"{PINS}httpx==0.28.1 \\\n", report(), "")[:2] == (1, ["httpx 0.28.1: it was not looked at"])


@pytest.mark.parametrize("answer", [{"control": False}, {"skipped": "flask"}])
def test_a_service_that_does_not_know_the_control_does_not_know_vulnerabilities(check: ModuleType, answer: Any) -> None:
    verdict = check.judge(PINS, report(**answer), "")
    assert verdict.status == 0
    assert verdict.lines[0].startswith("LEFT OUT: no vulnerability service could be asked")


@pytest.mark.parametrize(
    "said",
    [
        TRACEBACK.format("requests.exceptions.ConnectionError: Failed to resolve 'service.invalid'"),
        TRACEBACK.format("requests.exceptions.ReadTimeout: Read timed out."),
        TRACEBACK.format("requests.exceptions.HTTPError: 503 Server Error") + TRACEBACK.format("ServiceError"),
        TRACEBACK.format("requests.exceptions.JSONDecodeError: Expecting value"),
        "ERROR:pip_audit._cli:Could not connect to the vulnerability feed\n",
    ],
)
def test_without_an_answering_service_the_audit_is_left_out_with_the_reason(check: ModuleType, said: str) -> None:
    verdict = check.judge(PINS, "", said)
    assert verdict.status == 0
    assert verdict.lines[0].startswith("LEFT OUT: ")
    assert any(word in verdict.lines[0] for word in ("requests.exceptions.", "Could not connect"))


@pytest.mark.parametrize(
    "said", ["", "ERROR:pip_audit._cli:requirement foo>=1 does not contain a hash", TRACEBACK.format("KeyError: 'id'")]
)
def test_an_audit_that_fails_for_another_reason_fails(check: ModuleType, said: str) -> None:
    assert check.judge(PINS, "", said)[:2] == (1, ["pip-audit failed:", *said.splitlines()])


def test_pins_for_other_platforms_are_asked_about_too(check: ModuleType) -> None:
    asked = check.for_all_platforms(PINS).splitlines()
    assert "colorama==0.4.6 \\" in asked
    assert "    --hash=sha256:bb \\" in asked
    assert asked[-1].startswith("flask==0.12 --hash=sha256:0")


def test_no_pin_is_overlooked(check: ModuleType) -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8")
    asked = check.for_all_platforms(pins)
    assert ";" not in "".join(line for line in asked.splitlines() if not line.startswith((" ", "#")))
    assert len(check._PIN.findall(asked)) == len(check._PIN.findall(pins)) + 1
    assert "flask" not in dict(check._PIN.findall(pins))


# A stand-in for pip-audit: it prints its arguments, and answers as told.
STAND_IN = """
import os, pathlib, sys

arguments = dict(zip(sys.argv, sys.argv[1:]))
assert "--disable-pip" in sys.argv and "--require-hashes" in sys.argv
assert "colorama==0.4.6" in pathlib.Path(arguments["--requirement"]).read_text()
if not os.environ["ANSWER"]:
    sys.exit("Could not connect to anything")
pathlib.Path(arguments["--output"]).write_text(os.environ["ANSWER"])
sys.exit(1)
"""


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (report(), 0, "pins.txt: no known vulnerability in 2 packages"),
        (report(anyio=vulnerability("PYSEC-2")), 1, "pins.txt: anyio 4.16.0: PYSEC-2; fixed in no version yet"),
        ("", 0, "LEFT OUT: no vulnerability service could be asked (Could not connect to anything)"),
    ],
)
def test_the_script_asks_and_prints_the_result(tmp_path: Path, answer: str, status: int, said: str) -> None:
    (tmp_path / "pip_audit.py").write_text(STAND_IN, "utf-8")
    pins = tmp_path / "pins.txt"
    pins.write_text(PINS, "utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "audit_check.py"), str(pins)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "ANSWER": answer},
    )
    assert (done.returncode, done.stdout.splitlines()) == (status, [said])
