"""The shop's own data, kept in the memory of one process. A real shop uses a database."""

from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.requests import HTTPConnection


@dataclass
class Memory:
    """What the shop itself remembers.

    Attributes:
        owners: Musement's ids of the customers that carts and orders belong to.
        statuses: The statuses of order items, from Musement's webhook.
    """

    owners: dict[UUID, str] = field(default_factory=dict)
    statuses: dict[UUID, str] = field(default_factory=dict)


async def get_memory(connection: HTTPConnection) -> Memory:
    """The memory of the application that the request came to."""
    memory: Memory = connection.state.memory
    return memory


Remembered = Annotated[Memory, Depends(get_memory)]
