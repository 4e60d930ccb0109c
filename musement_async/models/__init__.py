"""The models: one immutable class for each kind of thing that the API answers with.

Ids that the API always sends are required; every other field is optional. The names are listed in ``__init__.pyi``, and
each class is imported on its first use.
"""

from musement_async._exports import exports_of

__getattr__, __dir__ = exports_of(__name__, __file__)
