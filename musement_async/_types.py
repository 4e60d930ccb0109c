"""The types that only annotations name, loaded when somebody evaluates one.

The names are in ``_types.pyi``. ``typing.get_type_hints()`` takes ``t.Token`` from this module, which imports it then.
A name that is imported under ``TYPE_CHECKING`` is unknown there. With plain imports, the import of the client takes
half as long again.
"""

from musement_async._exports import exports_of

__getattr__, __dir__ = exports_of(__name__, __file__)
