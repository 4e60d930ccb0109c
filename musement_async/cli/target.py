"""The options that all commands which ask the API have in common."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Unpack

import attrs
from cyclopts import Group, Parameter
from cyclopts.argument import ArgumentCollection

from musement_async.cli.output import remark
from musement_async.cli.waiting import waiting_for
from musement_async.client import MusementClient
from musement_async.defaults import SANDBOX
from musement_async.errors import ArgumentError, AuthenticationError, MusementError
from musement_async.options import ClientOptions


def _one_place(arguments: ArgumentCollection) -> None:
    given = [argument.name for argument in arguments if argument.has_tokens]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} are two places to ask: give one of them")


_PLACE = Group("Where to ask", help="Production, unless told otherwise.", validator=_one_place)


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
class TextTarget(Place):
    """Where to ask for what has no price, in which language, and for whom the answer is."""

    language: Annotated[str | None, Parameter(env_var="MUSEMENT_LANGUAGE", help="Of texts, such as it-IT.")] = None
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
                    await warn_of_unknown_languages(client, [self.language] if self.language else [])
                    yield client
                except AuthenticationError as error:
                    problem = await self._wrong_currency(client)
                    if problem is not None:
                        raise problem from error
                    raise

    async def _wrong_currency(self, _client: MusementClient) -> ArgumentError | None:
        """The error for a currency that made the API refuse a login, which the API does not say."""
        return None

    def open(self, **options: Unpack[ClientOptions]) -> MusementClient:
        """A client of that place, which asks in that language.

        Raises:
            ArgumentError: A setting is missing or cannot work.
        """
        if self.language:
            options["language"] = self.language
        options.setdefault("currency", None)  # not the environment's
        return super().open(**options)


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Target(TextTarget):
    """Where to ask, in which language and currency, and for whom the answer is."""

    currency: Annotated[str | None, Parameter(env_var="MUSEMENT_CURRENCY", help="Of prices, such as EUR.")] = None

    async def _wrong_currency(self, client: MusementClient) -> ArgumentError | None:
        return await unknown_currency(client, [self.currency]) if self.currency else None

    def open(self, **options: Unpack[ClientOptions]) -> MusementClient:
        """A client of that place, which asks in that language and currency.

        Raises:
            ArgumentError: A setting is missing or cannot work.
        """
        options["currency"] = self.currency.upper() if self.currency else None
        return super().open(**options)


async def unknown_currency(client: MusementClient, currencies: Sequence[str]) -> ArgumentError | None:
    """The error for the first of some currencies that the API does not know."""
    with suppress(MusementError):  # the command itself may still work, and tells if not
        known = {each.code for each in await client.with_options(currency=None, retries=0).metadata.currencies()}
        for currency in currencies:
            if currency.upper() not in known:
                return ArgumentError("currency", f"{currency} is not a currency that Musement knows")
    return None


async def warn_of_unknown_languages(client: MusementClient, languages: Sequence[str]) -> None:
    """Say which of some languages the API has no texts in: it answers in others then, and does not say so."""
    if not languages:
        return
    try:
        found = await client.with_options(retries=0).metadata.languages()
    except AuthenticationError:
        raise
    except MusementError:
        return  # the command itself may still work, and tells if not
    codes = [language.code for language in found if language.code]
    known = {_primary(code) for code in codes}
    for language in languages:
        if known and not {_primary(tag) for tag in language.split(",")} & {*known, "*"}:
            remark(f"--language {language}: Musement has no texts in this language, only in {', '.join(codes)}")


def _primary(tag: str) -> str:
    """The language of a tag, without region and weight."""
    return re.split("[-;]", tag.strip().casefold())[0]
