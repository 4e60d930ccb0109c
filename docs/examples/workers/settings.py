"""Settings of the workers, from the environment; ``MusementClient.from_env()`` reads the credentials."""

import os
from collections.abc import Mapping

import attrs


@attrs.frozen
class Settings:
    """Settings of all workers, except for ``rate``, which is of each.

    Attributes:
        redis_url: The Redis that holds the queue, the login and the mirror.
        prefix: How all keys in it begin.
        languages: The languages of texts.
        currencies: The currencies of prices.
        cron: When the nightly run begins, in UTC.
        redeliver_after: Seconds after which a task that nobody has acknowledged is given to another worker.
        rate: The requests per second that a worker process may begin; None without a limit.
    """

    redis_url: str
    prefix: str
    languages: tuple[str, ...]
    currencies: tuple[str, ...]
    cron: str
    redeliver_after: float
    rate: float | None

    @property
    def task_timeout(self) -> float:
        """Seconds that a task may take: well below ``redeliver_after``, so no running task is delivered again."""
        return self.redeliver_after / 2


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that environment variables give."""
    rate = environ.get("WORKERS_RATE")
    return Settings(
        redis_url=environ.get("MUSEMENT_REDIS_URL", "redis://127.0.0.1:6379/0"),
        prefix=environ.get("WORKERS_PREFIX", "catalogue:"),
        languages=tuple(environ.get("WORKERS_LANGUAGES", "en-GB,it-IT").split(",")),
        currencies=tuple(environ.get("WORKERS_CURRENCIES", "EUR").split(",")),
        cron=environ.get("WORKERS_CRON", "0 2 * * *"),
        redeliver_after=float(environ.get("WORKERS_REDELIVER_AFTER", "600")),
        rate=float(rate) if rate else None,
    )
