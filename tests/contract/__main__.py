"""The contract check: it compares the client and the local Musement with the API's OpenAPI description.

Run it as ``python tests/contract openapi.json``, in an environment with the dependency group ``contract``.
"""

import json
import sys
from pathlib import Path

import anyio

# At the end, so that an installed library is checked, if there is one.
sys.path.append(str(Path(__file__).parents[2]))
sys.path.append(str(Path(__file__).parents[2] / "docs" / "extensions"))

from api_operations import left_out
from tests.contract import tables
from tests.contract.differences import DIFFERENCES
from tests.contract.known import Known
from tests.contract.report import Report


def main() -> None:
    """Run the check, and print its findings."""
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/contract openapi.json")
    document = json.loads(Path(sys.argv[1]).read_bytes())
    known = Known(
        narrowed=tables.NARROWED,
        hidden=tables.HIDDEN_PARAMETERS,
        not_sent=tables.NOT_SENT,
        left_out=left_out(),
        without_schema=tables.WITHOUT_SCHEMA,
        one_of_a_list=tables.ONE_OF_A_LIST,
        composed=tables.COMPOSED,
        no_operation=tables.NO_OPERATION,
        nothing_local=tables.NOTHING_LOCAL,
    )
    report = Report(document, DIFFERENCES, known)
    anyio.run(report.make)
    sys.stdout.write("\n".join(report.lines()) + "\n")
    sys.exit(1 if any(report.problems.values()) else 0)


if __name__ == "__main__":
    main()
