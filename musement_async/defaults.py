"""Constants of the client's signature, in a module that imports nothing of the library."""

from enum import Enum
from typing import Final

import httpx

PRODUCTION = "https://api.musement.com/api/v3"
SANDBOX = "https://sandbox.musement.com/api/v3"

DEFAULT_TIMEOUT = httpx.Timeout(60, connect=10)
DEFAULT_DEADLINE = 300.0
DEFAULT_MAX_BODY = 64 * 2**20
DEFAULT_RETRIES = 2
DEFAULT_CONCURRENCY = 20
DEFAULT_LOGINS = 4


class Unset(Enum):
    """The value of an option that is not given; None is a value of its own."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET
