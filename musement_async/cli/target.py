"""The options that all commands which ask the API have in common."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Unpack

import attrs
from cyclopts import Group, Parameter, validators

from musement_async.cli.waiting import waiting_for
from musement_async.client import MusementClient
from musement_async.defaults import SANDBOX
from musement_async.errors import ArgumentError, AuthenticationError, MusementError
from musement_async.options import ClientOptions

_PLACE = Group("Where to ask", help="Production, unless told otherwise.", validator=validators.mutually_exclusive)


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Place:
    """Where to ask."""

    sandbox: Annotated[bool, Parameter(group=_PLACE, show_default=False, help="Ask Musement's sandbox.")] = False
    local: Annotated[bool, Parameter(group=_PLACE, show_default=False, help="Ask a local Musement.")] = False

    @asynccontextmanager
    async def client(self, **options: Unpack[ClientOptions]) -> AsyncGenerator[MusementClient, None]:
        """A client of that place, closed at the end of the block.

        Closing waits for a login in flight, so after Ctrl-C there is none: the session ends with the process anyway.
        """
        client = self.open(**options)
        try:
            yield client
        except Exception:
            await client.aclose()
            raise
        await client.aclose()

    def open(self, **options: Unpack[ClientOptions]) -> MusementClient:
        """A client of that place.

        Raises:
            ArgumentError: A setting is missing or cannot work.
        """
        if self.local:
            from musement_async.testing import LocalMusement

            return LocalMusement().client(**options)
        if self.sandbox:
            options["base_url"] = SANDBOX
        return MusementClient.from_env(**options)


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Target(Place):
    """Where to ask, in which language and currency, and for whom the answer is."""

    language: Annotated[str | None, Parameter(env_var="MUSEMENT_LANGUAGE", help="Of texts, such as it-IT.")] = None
    currency: Annotated[str | None, Parameter(env_var="MUSEMENT_CURRENCY", help="Of prices, such as EUR.")] = None
    json: Annotated[bool, Parameter(show_default=False, help="Print JSON.")] = False
    quiet: Annotated[bool, Parameter(show_default=False, help="Do not tell what is waited for.")] = False

    @asynccontextmanager
    async def client(self, **options: Unpack[ClientOptions]) -> AsyncGenerator[MusementClient, None]:
        """A client of that place, closed at the end of the block; on a terminal a line says what it waits for."""
        async with Place.client(self, **options) as client:

            def what() -> str:
                return "logging in" if client.token is None else "waiting for the API"

            async with waiting_for(what, quiet=self.quiet) as line:
                client.add_hook(lambda _exchange: line.answered())
                try:
                    yield client
                except AuthenticationError as error:
                    problem = await self._wrong_currency(client)
                    if problem is not None:
                        raise problem from error
                    raise

    async def _wrong_currency(self, client: MusementClient) -> ArgumentError | None:
        """The error for a currency that made the API refuse a login, which the API does not say."""
        if self.currency:
            known: set[str | None] = {self.currency}
            with suppress(MusementError):
                known = {each.code for each in await client.with_options(currency=None).metadata.currencies()}
            if self.currency not in known:
                return ArgumentError("currency", f"{self.currency} is not a currency that Musement knows")
        return None

    def open(self, **options: Unpack[ClientOptions]) -> MusementClient:
        """A client of that place, which asks in that language and currency.

        Raises:
            ArgumentError: A setting is missing or cannot work.
        """
        if self.language:
            options["language"] = self.language
        if self.currency:
            options["currency"] = self.currency
        return super().open(**options)
