"""Names that are loaded on first use: the public ones of a package, and those of ``_types.py``.

Each of them lists its names once, in the stub next to its code. Type checkers read that list, and refuse a misspelt
name. At run time, the stub is read on the first use of a name, in 0.2 ms. So the import of a package
costs nothing, and one list serves both readers. The package's own loader reads the stub, as it reads the modules.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from typing import cast

_IMPORT = re.compile(r"^from (\S+) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)
_NAME = re.compile(r"(\w+) as \1\b")


def exports_of(package: str, path: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The functions ``__getattr__`` and ``__dir__`` for a package.

    Args:
        package: The package's ``__name__``.
        path: The package's ``__file__``.
    """

    @cache
    def homes() -> dict[str, str]:
        # A package that is being imported is in `sys.modules`. Its loader also reads packages in zip files.
        loader = cast("SourceFileLoader", import_module(package).__loader__)
        stub = loader.get_data(re.sub(r"\.pyc?$", ".pyi", path)).decode()
        return {name: module for module, *names in _IMPORT.findall(stub) for name in _NAME.findall(" ".join(names))}

    def load(name: str) -> object:
        if name == "__all__":
            return sorted(homes())
        if name not in homes():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = homes()[name]
        if home == package:
            return import_module(f"{package}.{name}")
        value: object = getattr(import_module(home), name)
        setattr(import_module(package), name, value)
        return value

    return load, lambda: sorted({*vars(import_module(package)), *homes()})
