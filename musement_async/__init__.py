"""The asyncio client library for the TUI Musement API: tours, activities and tickets.

The public names of the package are in ``__init__.pyi``; those of the models are in ``musement_async.models``. A name is
loaded on its first use, so the import of the package takes almost no time.
"""

from musement_async._exports import exports_of

__getattr__, __dir__ = exports_of(__name__, __file__)
