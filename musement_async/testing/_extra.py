from collections.abc import Generator
from contextlib import contextmanager

from musement_async._extras import install

_PACKAGES = ("starlette", "uvicorn")


@contextmanager
def extra_required() -> Generator[None, None, None]:
    """A context that tells which extra to install when an import inside it fails."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _PACKAGES:
            raise
        raise ImportError(
            f"The local Musement needs {missing.name}: {install('testing')}", name=missing.name
        ) from missing
