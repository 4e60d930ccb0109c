"""The application's client, from its start to its end."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated, TypeAlias

from fastapi import Depends
from starlette.requests import HTTPConnection

from musement_async.client import MusementClient
from musement_async.integrations.fastapi.health import Health

_NAME = "musement_client"


def musement_lifespan(
    make_client: Callable[[], MusementClient], *, health: Health | None = None
) -> Callable[[object], AbstractAsyncContextManager[dict[str, MusementClient]]]:
    """A lifespan that opens a client with the application, and closes it.

    It is for ``FastAPI(lifespan=...)``. In a lifespan of your own, enter it and yield its state with yours:
    ``async with musement_lifespan(make_client)(app) as state: yield {**state, ...}``. There the client is
    ``state["musement_client"]``, for tasks of the application itself. Each process, and each event
    loop, that the application starts in has a client of its own.

    Args:
        make_client: Makes the client, such as ``MusementClient.from_env``.
        health: Is told of the client's exchanges.
    """

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncGenerator[dict[str, MusementClient]]:
        async with make_client() as client:
            if health is not None:
                health.watch(client)
            try:
                yield {_NAME: client}
            finally:
                if health is not None:
                    health.stop()

    return lifespan


async def get_client(connection: HTTPConnection) -> MusementClient:
    """The application's client: what ``Client`` depends on, and tests override it with another client.

    Raises:
        RuntimeError: The application was started without the lifespan.
    """
    client = getattr(connection.state, _NAME, None)
    if not isinstance(client, MusementClient):
        raise RuntimeError("the application has no client: start it with FastAPI(lifespan=musement_lifespan(...))")  # noqa: TRY004 - no argument is wrong
    return client


#: The application's client, as a parameter of an endpoint.
Client: TypeAlias = Annotated[MusementClient, Depends(get_client)]
