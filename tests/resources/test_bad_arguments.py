"""Bad arguments of every method: each is refused by name before a request, or is sent correctly."""

import types
import typing
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import unquote_to_bytes

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musement_async import ArgumentError, MusementClient, MusementError, Token
from musement_async.resources.downloads import BinaryFile
from musement_async.resources.namespaces import Namespaces
from musement_async.resources.operation import path

AREAS = [name for name, member in vars(Namespaces).items() if isinstance(member, cached_property)]
Hint = Any  # a type, as get_type_hints() gives it
Call = Callable[[Any, Mapping[str, object]], Any]


class Recorder:
    """A client and its requests."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.client = MusementClient(
            token=Token(access_token="A"), base_url="http://127.0.0.1", transport=httpx.MockTransport(self._answer)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json={})

    @property
    def place(self) -> tuple[str, list[bytes]]:
        """The method and the path of the first request."""
        first = self.requests[0]
        return first.method, first.url.raw_path.split(b"?")[0].split(b"/")

    async def outcome(self, call: Call, method: Any, arguments: Mapping[str, object]) -> str | None:
        """The argument that was refused; None if none was."""
        self.requests.clear()
        try:
            await call(method, arguments)
        except ArgumentError as error:
            return error.argument
        except MusementError:
            pass  # the answer cannot be read, but the arguments were accepted
        return None


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def fits(value: object, hint: Hint) -> bool:
    """Whether a value is of a type; the items of collections are not checked."""
    origin: Any = get_origin(hint)
    if hint is BinaryFile:
        return hasattr(value, "write")
    if origin is Annotated:
        return fits(value, get_args(hint)[0])
    if origin in {typing.Union, types.UnionType}:
        return any(fits(value, member) for member in get_args(hint))
    if origin is Literal:
        return any(type(value) is type(word) and value == word for word in get_args(hint))
    if isinstance(origin, type) and issubclass(origin, Iterable) and not issubclass(origin, Mapping | tuple):
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping | type)
    kinds = {float: {float, int}} | {kind: {kind} for kind in (int, bool, date, datetime, time)}
    return type(value) in kinds[hint] if hint in kinds else isinstance(value, origin or hint)


def is_in_its_place(sent: tuple[str, list[bytes]], usual: tuple[str, list[bytes]]) -> bool:
    """Whether the path of a request differs from the usual one in at most one segment."""
    (method, segments), (usual_method, usual_segments) = sent, usual
    differ = [ours for ours, theirs in zip(segments, usual_segments, strict=False) if ours != theirs]
    same_shape = method == usual_method and len(segments) == len(usual_segments) and len(differ) <= 1
    return same_shape and not any(unquote_to_bytes(one) in {b"", b".", b".."} for one in segments[1:])


# Arguments for which no value of the type is right, or for which it would take long.
CHOSEN: Mapping[str, object] = {"url": "http://127.0.0.1/voucher.pdf", "timeout": 0}


async def wrongs(
    recorder: Recorder, call: Call, method: Any, arguments: Mapping[str, object], palette: Iterable[object]
) -> AsyncGenerator[str]:
    """The faults found with one bad argument at a time."""
    assert await recorder.outcome(call, method, arguments) is None
    usual = recorder.place
    for argument in arguments:
        hint = method.hints[argument]
        for value in palette:
            # A value for "to" would be written to; a value for "timeout" would be waited for.
            if argument in {"to", "timeout"} and fits(value, hint):
                continue
            refused = await recorder.outcome(call, method, {**arguments, argument: value})
            said = f"{method}({argument}={value!r:.40}): "
            if refused is None:
                if not fits(value, hint):
                    yield f"{said}sent, and should not be"
                elif not is_in_its_place(recorder.place, usual):
                    yield f"{said}sent to {recorder.place}"
            elif recorder.requests:
                yield f"{said}refused after something was sent"
            # An offset is a multiple of the page's size, which differs without a limit.
            elif refused != argument and (argument, refused) != ("limit", "offset"):
                yield f"{said}{refused} is refused instead"


@pytest.mark.anyio
@pytest.mark.each_choice
@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("everything", [False, True], ids=["what is required", "everything"])
async def test_every_argument_is_refused_by_name_or_sent_in_its_place(
    recorder: Recorder,
    contract_methods: Any,
    bad_values: tuple[object, ...],
    area: str,
    everything: bool,  # noqa: FBT001
) -> None:
    async def call(method: Any, arguments: Mapping[str, object]) -> object:
        return await contract_methods.call(method, recorder.client, method.ordered(arguments))

    found = [method for method in contract_methods.methods(recorder.client) if method.area == area]
    assert found
    for method in found:
        chosen = {name: value for name, value in CHOSEN.items() if name in method.parameters}
        arguments = {**list(method.argument_sets())[everything], **chosen}
        assert [wrong async for wrong in wrongs(recorder, call, method, arguments, bad_values)] == []


def is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


@given(text=st.text(st.characters(exclude_categories=())))
def test_no_id_can_leave_its_path(text: str) -> None:
    try:
        where = path("/gifts/{code}/render", code=text)
    except ArgumentError:
        assert text.strip() in {"", ".", ".."} or not is_whole(text)
        return
    before, first, segment, last = httpx.URL(f"http://127.0.0.1{where}").raw_path.split(b"/")
    assert (before, first, last) == (b"", b"gifts", b"render")
    assert unquote_to_bytes(segment) == text.encode()
    assert segment not in {b"", b".", b".."}


@pytest.mark.parametrize(
    ("limit", "most"), [(101, "activities"), (0, "activities"), (-1, "cities"), (True, "cities"), (10.0, "cities")]
)
def test_a_limit_that_no_page_has_is_refused(recorder: Recorder, limit: Any, most: str) -> None:
    call = recorder.client.activities.search if most == "activities" else recorder.client.cities.list
    with pytest.raises(ArgumentError) as caught:
        call(limit=limit)
    assert caught.value.argument == "limit"
