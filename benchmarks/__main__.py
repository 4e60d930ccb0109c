"""Prints ratios: ``python benchmarks [--quick] [section ...]``."""

import argparse
import sys
from functools import partial
from pathlib import Path

import anyio

# At the end, so that the installed library is measured and not the checkout's.
sys.path.append(str(Path(__file__).parents[1]))

from benchmarks import calls, cuts, decoding, imports, iteration, storms

SECTIONS = {
    "calls": calls.measure,
    "storms": storms.measure,
    "cuts": cuts.measure,
    "decoding": decoding.measure,
    "imports": imports.measure,
    "iteration": iteration.measure,
}


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
        for findings in anyio.run(partial(SECTIONS[name], quick=arguments.quick)):
            findings.print()


if __name__ == "__main__":
    main()
