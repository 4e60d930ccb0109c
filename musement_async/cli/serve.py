"""``musement serve``."""

import errno
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, validators

from musement_async.cli.errors import CommandError
from musement_async.cli.output import say
from musement_async.cli.streams import cover_echo

if TYPE_CHECKING:
    from musement_async.testing import LocalMusement

_A_WHILE = 3600


def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=validators.Number(gte=0, lte=65535))] = 8765,
    seed: int = 2026,
    activities: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 500,
    token_lifetime: Annotated[float, Parameter(validator=validators.Number(gt=0))] = 3600,
) -> None:
    """Run a local Musement for other programs.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        seed: Equal seeds give equal catalogues.
        activities: How many activities there are.
        token_lifetime: Seconds that an access token is good for.
    """
    from musement_async.testing import LocalMusement

    local = LocalMusement(seed=seed, activities=activities, token_lifetime=token_lifetime)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # service managers and containers stop programs with it
    try:
        with ExitStack() as stack:
            try:
                base_url = stack.enter_context(local.running(host, port))
            except OSError as error:
                raise CommandError(f"cannot listen on --host {host} --port {port}: {_reason(error)}") from error
            _introduce(local, _reachable(base_url))
            while True:
                time.sleep(_A_WHILE)
    except KeyboardInterrupt:
        cover_echo()
        say(f"Stopped after {local.count()} requests.")


def _reason(error: OSError) -> str:
    """Why, without the address that Python's standard library says once more behind it."""
    way_out = "; --port 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
    return str(error.strerror or error).partition(" (while ")[0] + way_out


def _reachable(base_url: str) -> str:
    """The same for programs on this machine: to listen on all addresses is one thing, to call them another."""
    return base_url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _introduce(local: "LocalMusement", base_url: str) -> None:
    """The settings that a program needs, and two commands to try."""
    say(f"A local Musement answers at {base_url}", style="bold")
    say("Its id and secrets are made up and open nothing else:")
    say()
    for name, value in (
        ("BASE_URL", base_url),
        ("CLIENT_ID", local.client_id),
        ("CLIENT_SECRET", local.client_secret),
        ("APPLICATION", local.application),
    ):
        say(f"  export MUSEMENT_{name}={value}")
    header = f"-H 'X-Musement-Application: {local.application}'"
    query = f"grant_type=client_credentials&client_id={local.client_id}&client_secret={local.client_secret}"
    say()
    say(f"Its customer is {local.username} with the password {local.password}.")
    say(
        f"Its cards: {local.accepted_card} pays, {local.refused_card} is refused,"
        f" {local.secured_card} asks for 3-D Secure."
    )
    say("To try it, log in, and ask with the access_token that comes back:")
    say()
    say(f"  curl {header} '{base_url}/login?{query}'")
    say(f"  curl {header} -H 'Authorization: Bearer TOKEN' '{base_url}/cities?limit=3'")
    say()
    say("Ctrl-C ends it.")
