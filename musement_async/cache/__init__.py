"""A cache of the API's answers, off by default: ``MusementClient(cache=True)``."""

from musement_async.cache.answers import CacheKey, KeptAnswer
from musement_async.cache.cache import Cache, CacheFigures, ChangeRecord
from musement_async.cache.memory import CacheStore, MemoryCacheStore
from musement_async.cache.sqlite import SQLiteCacheStore

__all__ = [
    "Cache",
    "CacheFigures",
    "CacheKey",
    "CacheStore",
    "ChangeRecord",
    "KeptAnswer",
    "MemoryCacheStore",
    "SQLiteCacheStore",
]
