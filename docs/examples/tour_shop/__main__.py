"""Runs the shop with a local Musement behind it: ``python -m tour_shop``."""

import argparse
import socket

import uvicorn

from musement_async import MemoryTokenStore, MusementClient, WebhookCredentials
from musement_async.testing import LocalMusement

from .app import create_app


def main() -> None:
    """Start both, and stop them with Ctrl-C."""
    parser = argparse.ArgumentParser(prog="tour_shop", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where the shop listens; 0 takes a free port")
    listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
    shop = f"http://127.0.0.1:{listener.getsockname()[1]}"
    local = LocalMusement()
    webhook = WebhookCredentials("musement", "a password of your own")
    local.send_webhooks_to(f"{shop}/webhooks/musement", (webhook.username, webhook.password))
    with local.running() as base_url:

        def make_client() -> MusementClient:
            return MusementClient(
                local.credentials,
                base_url=base_url,
                application=local.application,
                currency="EUR",
                token_store=MemoryTokenStore(),
                cache=True,
            )

        print(f"The shop: {shop}/docs", flush=True)
        print(f"Its customer: {local.username} with the password {local.password}", flush=True)
        print(f"What pays, as a token: {local.accepted_card}", flush=True)
        uvicorn.Server(uvicorn.Config(create_app(make_client, webhook), log_level="warning")).run([listener])


if __name__ == "__main__":
    main()
