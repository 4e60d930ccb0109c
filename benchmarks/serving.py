"""A server process that does nothing but answer; it takes the bodies by path, as JSON, from its standard input."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import anyio

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))

from benchmarks.network import Bodies, loopback_server


@contextmanager
def server_process(bodies: Bodies) -> Generator[str, None, None]:
    """A server in a process of its own, so that it takes no time from the client's event loop; gives its origin."""
    with subprocess.Popen(  # noqa: S603 - this very file
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps({path: body.decode() for path, body in bodies.items()}) + "\n")
        server.stdin.flush()
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()  # which ends it


async def _serve(bodies: Mapping[str, str]) -> None:
    async with loopback_server({path: body.encode() for path, body in bodies.items()}) as origin:
        print(origin, flush=True)
        await anyio.to_thread.run_sync(sys.stdin.read)


if __name__ == "__main__":
    anyio.run(_serve, json.loads(sys.stdin.readline()))
