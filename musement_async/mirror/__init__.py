"""A mirror of the catalogue, made by ``client.mirror()``.

A :class:`Mirror` cuts a run into parts and copies one part after the other; a :class:`MirrorStore` keeps the copies,
and the ledger of which parts are done.
"""

from musement_async.mirror.mirror import Mirror, MirrorReport
from musement_async.mirror.parts import MirrorPart, MirrorProgress, MirrorRecord, MirrorRun, MirrorStore
from musement_async.mirror.sqlite import SQLiteMirrorStore

__all__ = [
    "Mirror",
    "MirrorPart",
    "MirrorProgress",
    "MirrorRecord",
    "MirrorReport",
    "MirrorRun",
    "MirrorStore",
    "SQLiteMirrorStore",
]
