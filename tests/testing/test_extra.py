import subprocess
import sys

import pytest

import musement_async.testing
from musement_async.testing._extra import extra_required


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["musement_async.testing", "musement_async.testing.plugin"])
def test_importing_it_loads_nothing_heavy(module: str) -> None:
    heavy = "{'anyio', 'attr', 'httpx', 'msgspec', 'starlette', 'uvicorn'}"
    assert run(f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))") == "[]"


def test_making_one_loads_no_server() -> None:
    code = (
        "import sys; from musement_async.testing import LocalMusement; LocalMusement(); print('uvicorn' in sys.modules)"
    )
    assert run(code) == "False"


@pytest.mark.parametrize(
    ("package", "code"),
    [
        ("starlette", "from musement_async.testing import LocalMusement"),
        ("uvicorn", "from musement_async.testing import LocalMusement\nwith LocalMusement().running(): pass"),
    ],
)
def test_a_missing_package_is_named_with_the_extra_that_brings_it(package: str, code: str) -> None:
    block = f"import sys\nsys.modules[{package!r}] = None\n"
    report = (
        "import traceback\ntry:\n    exec(code)\nexcept ImportError as error:\n    print(type(error).__name__, error)"
    )
    said = run(f"{block}code = {code!r}\n{report}")
    assert said.startswith(f"ImportError The local Musement needs {package}")
    assert said.endswith("install the extra 'testing', from a checkout with pip install '.[testing]'")


def test_other_missing_modules_are_their_own_error() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), extra_required():
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401


def test_it_has_the_names_it_promises() -> None:
    assert dir(musement_async.testing) == musement_async.testing.__all__ == ["Call", "LocalMusement", "without_backoff"]
    for name in musement_async.testing.__all__:
        assert getattr(musement_async.testing, name).__name__ == name


def test_it_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Musement'"):
        _ = musement_async.testing.Musement
