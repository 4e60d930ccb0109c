"""Prints ratios: ``python benchmarks [--quick] [section ...]``."""

import argparse
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import anyio

# At the end, so that the installed library is measured and not the checkout's.
sys.path.append(str(Path(__file__).parents[1]))

SECTIONS = (
    "calls",
    "decoding",
    "imports",
    "iteration",
    "load",
    "fairness",
    "bursts",
    "cuts",
    "processes",
    "cache",
    "mirror",
)


def main() -> None:
    """Measure the sections that were asked for, all by default, and print what was found."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Print ratios, each measured in one run.")
    parser.add_argument("sections", nargs="*", metavar="section", help=f"one of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="see that everything runs; the figures mean nothing")
    arguments = parser.parse_args()
    unknown = set(arguments.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    for name in arguments.sections or SECTIONS:
        # Each section needs packages of its own: a section that was not asked for is not imported.
        measure = import_module(f"benchmarks.{name}").measure
        for findings in anyio.run(partial(measure, quick=arguments.quick)):
            findings.print()
            if not findings.rows:
                sys.exit(f"{name}: nothing was measured for {findings.title!r}")


if __name__ == "__main__":
    main()
