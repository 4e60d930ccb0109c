"""The transports: every layer between an ``httpx.AsyncClient`` and the socket.

::

    httpx.AsyncClient              with MusementAuth, which signs requests and yields logins
          │
    MusementTransport              musement.py    closes in order
          │              │
       requests        logins                     logins are sent by the task of their renewal
          │              │
    ConcurrencyLimiter   │         admission.py   order, fairness among sessions, replays first
          │              │
    RateLimiter          │         admission.py   requests per second, slower after a 429
          │              │
    newest token         │         context.py     the session looks at the token once more
          │              │
          │     ConcurrencyLimiter admission.py   a few logins at a time
          │              │
    ConnectionPool  ConnectionPool pool.py        over httpcore2, on asyncio and trio
      or                or         aiohttp.py     over aiohttp's connector, on asyncio
          │              │
        socket         socket

A transport that a user gives replaces both pools. ``setup.py`` chooses the network, ``tasks.py`` holds the background
tasks, ``loop.py`` guards the event loop, ``reading.py`` limits the bytes that are read of a body, and ``backoff.py``
reads ``Retry-After``.
"""

from musement_async.transports.musement import MusementTransport

__all__ = ["MusementTransport"]
