"""Looks for known vulnerabilities in what a file pins: ``python tests/audit_check.py constraints.txt``.

It asks with pip-audit, and installs nothing. Its exit status is 1 if something is found, or if it could not be looked
for although somebody was there to ask. Where nobody was, it says so and its exit status is 0.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

# What does not concern us, by the id of the vulnerability, with the reason.
IGNORED: Mapping[str, str] = {}

# Known to be vulnerable, and pinned nowhere: whoever finds nothing here is no service that knows vulnerabilities.
# A mirror of packages is none, and pip-audit takes its "404" for "nothing found".
CONTROL, CONTROL_VERSION = "flask", "0.12"

_PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_MARKER = re.compile(r" ;.*?(?=( \\)?$)", re.MULTILINE)
# How pip-audit ends if there is no answer, or none that it can read: in its own words, or in a traceback.
_NO_ANSWER = re.compile(
    r"^(?:requests\.exceptions\.\w+|.*Could not connect to|.*is not redirecting properly).*", re.MULTILINE
)
_LEFT_OUT = "LEFT OUT: no vulnerability service could be asked"


class Verdict(NamedTuple):
    """What came of an audit.

    Attributes:
        status: The exit status.
        lines: What to say.
    """

    status: int
    lines: list[str]


def for_all_platforms(pins: str) -> str:
    """Pins without their conditions, and the control: pip-audit passes over what is not for this machine."""
    return f"{_MARKER.sub('', pins)}\n{CONTROL}=={CONTROL_VERSION} --hash=sha256:{'0' * 64}\n"


def judge(pins: str, report: str, said: str, ignored: Mapping[str, str] = IGNORED) -> Verdict:
    """What came of an audit.

    Args:
        pins: What was to be audited.
        report: What pip-audit wrote; empty if it did not get so far.
        said: What it said besides.
        ignored: The vulnerabilities that do not concern us.
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
    return Verdict(1 if problems else 0, problems or [f"no known vulnerability in {len(names)} packages"])


def _problems(names: Mapping[str, str], found: Mapping[str, Any], ignored: Mapping[str, str]) -> Iterator[str]:
    unused = set(ignored)
    for name, version in names.items():
        entry = found.get(name, {"skip_reason": "it was not looked at"})
        if "skip_reason" in entry:
            yield f"{name} {version}: {entry['skip_reason']}"
        for vulnerability in entry.get("vulns", ()):
            ids = {vulnerability["id"], *vulnerability.get("aliases", ())}
            unused -= ids
            if not ids.intersection(ignored):
                fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
                yield f"{name} {version}: {', '.join(sorted(ids))}; fixed in {fixed}"
    yield from (f"{name} is ignored, and is found nowhere" for name in sorted(unused))


def audit(pins: str) -> Verdict:
    """Ask, and judge the answer."""
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
    verdict = audit(Path(sys.argv[1]).read_text("utf-8"))
    sys.stdout.writelines(f"{line}\n" for line in verdict.lines)
    sys.exit(verdict.status)
