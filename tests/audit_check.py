"""Audit of the versions that files pin: ``python tests/audit_check.py constraints.txt [...]``.

The script runs pip-audit for known vulnerabilities, and installs nothing. The exit status is 1 if one is found, or if
the audit failed although the service answered. If no service answered, the script says so, and the exit status is 0.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

# Ignored vulnerabilities by id, with the reason.
IGNORED: Mapping[str, str] = {}

# A vulnerable version that no file pins: a service that does not report it, does not know vulnerabilities. A package
# mirror does not, and pip-audit reads its "404" as "nothing found".
CONTROL, CONTROL_VERSION = "flask", "0.12"

_PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_MARKER = re.compile(r" ;.*?(?=( \\)?$)", re.MULTILINE)
# The messages of pip-audit, and the tracebacks, if there is no answer or no readable one.
_NO_ANSWER = re.compile(
    r"^(?:requests\.exceptions\.\w+|.*Could not connect to|.*is not redirecting properly).*", re.MULTILINE
)
_LEFT_OUT = "LEFT OUT: no vulnerability service could be asked"


class Verdict(NamedTuple):
    """The result of an audit.

    Attributes:
        status: The exit status.
        lines: The lines to print.
        met: The ignored vulnerabilities that were found; None if no service answered.
    """

    status: int
    lines: list[str]
    met: frozenset[str] | None = None


def for_all_platforms(pins: str) -> str:
    """The pins without their conditions, and the control: pip-audit skips pins for other platforms."""
    return f"{_MARKER.sub('', pins)}\n{CONTROL}=={CONTROL_VERSION} --hash=sha256:{'0' * 64}\n"


def judge(pins: str, report: str, said: str, ignored: Mapping[str, str] = IGNORED) -> Verdict:
    """The result of an audit.

    Args:
        pins: The pins to audit.
        report: The report of pip-audit; empty if it wrote none.
        said: The messages of pip-audit.
        ignored: The vulnerabilities to ignore.
    """
    if not report.strip():
        answer = _NO_ANSWER.search(said)
        if answer is None:
            return Verdict(1, ["pip-audit failed:", *said.splitlines()])
        return Verdict(0, [f"{_LEFT_OUT} ({answer[0][:200]})"])
    found = {entry["name"]: entry for entry in json.loads(report)["dependencies"]}
    if not found.pop(CONTROL, {}).get("vulns"):
        return Verdict(0, [f"{_LEFT_OUT} (whoever answered knows of none in {CONTROL} {CONTROL_VERSION})"])
    names = dict(_PIN.findall(pins))
    problems = [*_problems(names, found, ignored)]
    ids = {each for name in names for vulnerability in _of(found, name) for each in _ids(vulnerability)}
    lines = problems or [f"no known vulnerability in {len(names)} packages"]
    return Verdict(1 if problems else 0, lines, frozenset(ids.intersection(ignored)))


def together(verdicts: Mapping[str, Verdict], ignored: Mapping[str, str] = IGNORED) -> Verdict:
    """The result of several audits, by file name; each ignored vulnerability must be found in one of them."""
    lines = [f"{name}: {line}" for name, verdict in verdicts.items() for line in verdict.lines]
    met = [verdict.met for verdict in verdicts.values()]
    left_out = [verdict for verdict in verdicts.values() if verdict.met is None]
    if left_out:
        # nox reads the first line.
        status = max(verdict.status for verdict in verdicts.values())
        return Verdict(status, lines if status else left_out[0].lines)
    unused = sorted(set(ignored).difference(*[each for each in met if each is not None]))
    lines += [f"{name} is ignored, and is found nowhere" for name in unused]
    return Verdict(max(1 if unused else 0, *[verdict.status for verdict in verdicts.values()]), lines)


def _of(found: Mapping[str, Any], name: str) -> list[Any]:
    vulnerabilities: list[Any] = found.get(name, {}).get("vulns", [])
    return vulnerabilities


def _ids(vulnerability: Mapping[str, Any]) -> set[str]:
    return {vulnerability["id"], *vulnerability.get("aliases", ())}


def _problems(names: Mapping[str, str], found: Mapping[str, Any], ignored: Mapping[str, str]) -> Iterator[str]:
    for name, version in names.items():
        entry = found.get(name, {"skip_reason": "it was not looked at"})
        if "skip_reason" in entry:
            yield f"{name} {version}: {entry['skip_reason']}"
        for vulnerability in _of(found, name):
            ids = _ids(vulnerability)
            if not ids.intersection(ignored):
                fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
                yield f"{name} {version}: {', '.join(sorted(ids))}; fixed in {fixed}"


def audit(pins: str) -> Verdict:
    """Run pip-audit, and judge its report."""
    with TemporaryDirectory() as folder:
        asked, answered = Path(folder, "pins.txt"), Path(folder, "report.json")
        asked.write_text(for_all_platforms(pins), "utf-8")
        command = (
            *(sys.executable, "-m", "pip_audit", "--requirement", str(asked), "--disable-pip", "--require-hashes"),
            *("--format", "json", "--output", str(answered), "--aliases", "on", "--progress-spinner", "off"),
        )
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        report = answered.read_text("utf-8") if answered.exists() else ""
    return judge(pins, report, done.stderr)


if __name__ == "__main__":
    verdict = together({Path(name).name: audit(Path(name).read_text("utf-8")) for name in sys.argv[1:]})
    sys.stdout.writelines(f"{line}\n" for line in verdict.lines)
    sys.exit(verdict.status)
