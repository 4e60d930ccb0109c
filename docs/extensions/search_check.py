"""What the search of the built documentation finds first: ``python docs/extensions/search_check.py docs/_build``.

The search puts an explicit entry of the index, one with an exclamation mark, above all pages in which the words occur.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# What a user may type, and the page that has the answer.
FIRST = {
    "409": "errors",
    "404": "errors",
    "429": "limits",
    "GET /activities/{uuid}/dates": "operations",
    "cookbook": "cookbook",
    "deadline": "limits",
    "install": "quickstart",
    "log out": "client",
    "proxy": "options",
    "quickstart": "quickstart",
    "rate limit": "limits",
    "refresh token": "login",
    "timeout": "limits",
}


def misplaced(index: dict[str, Any]) -> Iterator[str]:
    """What does not lead to its page, and to nothing else, by an entry of the index."""
    for words, page in FIRST.items():
        entries = index["indexentries"].get(words.lower(), [])
        found = {index["docnames"][document] for document, _, is_main in entries if is_main}
        if found != {page}:
            yield f"{words!r} should lead to docs/{page}.md alone, not to {sorted(found)}: see its index directive"


def main(folder: Path) -> int:
    """Check the built documentation, print what is wrong, and return the exit status."""
    text = (folder / "searchindex.js").read_text("utf-8")
    problems = list(misplaced(json.loads(text[text.index("{") : text.rindex("}") + 1])))
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
