"""The cost of an import, measured in new processes."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

import anyio

from benchmarks.report import Findings
from benchmarks.timing import Ratio, interleave

TARGET = 1.15
NOTE = (
    "Processor time of whole processes, less that of an interpreter that does nothing. The packages of httpx's own "
    "command are hidden: where they are installed, as here, they make up half of its import."
)

_NOTHING = "pass"
_HTTPX = "import httpx"
_TARGETS = {
    "import asyncio, httpx": None,
    "import musement_async": TARGET,
    "from musement_async import MusementClient": TARGET,
    "from musement_async.models import *": TARGET,
}
_HIDING = "import sys; sys.modules['click'] = None; "


async def measure(*, quick: bool) -> list[Findings]:
    """The imports that a program begins with."""
    with TemporaryDirectory() as cache:
        # Compiled in the round that does not count, whatever the environment says about compiled files.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
        works = {program: partial(_run, program, environment) for program in (_NOTHING, _HTTPX, *_TARGETS)}
        taken = await interleave(works, rounds=2 if quick else 15)
    ratios = {program: Ratio.of(_net(taken, program), _net(taken, _HTTPX)) for program in _TARGETS}
    rows = [(program, ratio, ratio.verdict(_TARGETS[program])) for program, ratio in ratios.items()]
    return [Findings("Imports", ("", "times", "target"), [(_HTTPX, "1", ""), *rows], NOTE)]


async def _run(program: str, environment: Mapping[str, str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    # -P keeps the working directory, which may be a checkout, off the path.
    await anyio.run_process([sys.executable, "-P", "-c", _HIDING + program], env=environment)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _net(taken: Mapping[str, Sequence[float]], program: str) -> list[float]:
    return [whole - start for whole, start in zip(taken[program], taken[_NOTHING], strict=True)]
