"""`musement_async.models` as a namespace."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys

import msgspec
import pytest

from musement_async import models
from musement_async.models import Model, OpenEnum


def defined() -> set[str]:
    modules = [
        importlib.import_module(f"{models.__name__}.{found.name}") for found in pkgutil.iter_modules(models.__path__)
    ]
    return {
        name
        for module in modules
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__ and issubclass(kind, Model | OpenEnum)
    }


MODELS = {name for name in defined() if issubclass(getattr(models, name), Model)} - {"Model"}


def test_every_model_is_public() -> None:
    assert set(models.__all__) == defined() | {"NIL", "parse_duration"}


def test_a_public_name_loads() -> None:
    assert [name for name in models.__all__ if getattr(models, name, None) is None] == []


def test_dir_shows_public_names() -> None:
    assert set(models.__all__) <= set(dir(models))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Dragon'"):
        models.Dragon  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_namespace_imports_no_model() -> None:
    script = "import sys, musement_async.models\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert not {"attrs", "msgspec", "musement_async.models.activities"} & set(result.stdout.split())


def test_a_model_is_frozen_with_keyword_arguments_of_which_only_ids_are_required() -> None:
    kinds = {name: getattr(models, name) for name in sorted(MODELS)}
    required = {f.name for kind in kinds.values() for f in msgspec.structs.fields(kind) if f.required}

    assert required == {
        "id",
        "uuid",
        "code",
        "order_uuid",
        "order_item_uuid",
        "order_item_version",
        "order_item_status",
    }
    assert [name for name, kind in kinds.items() if takes_positions(kind)] == []
    assert [name for name, kind in kinds.items() if can_be_changed(kind)] == []


def takes_positions(kind: type[Model]) -> bool:
    try:
        kind(None)
    except TypeError as error:
        return "positional" not in str(error)
    return True


def can_be_changed(kind: type[Model]) -> bool:
    names = [field.name for field in msgspec.structs.fields(kind)]
    try:
        setattr(kind(**dict.fromkeys(names)), names[0], None)
    except AttributeError:
        return False
    return True


def test_every_field_has_a_description() -> None:
    silent = {
        name: missing
        for name in sorted(MODELS)
        if (missing := [field for field in getattr(models, name).__struct_fields__ if field not in described(name)])
    }

    assert silent == {}


def described(name: str) -> set[str]:
    """The fields that the ``Attributes`` sections of a model and its bases describe."""
    texts = [inspect.cleandoc(base.__doc__ or "") for base in getattr(models, name).__mro__]
    sections = [text.partition("Attributes:\n")[2] for text in texts]
    return {field for section in sections for field in re.findall(r"^    (\w+): \S", section, re.MULTILINE)}
