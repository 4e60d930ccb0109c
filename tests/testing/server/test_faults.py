from collections.abc import Callable
from types import SimpleNamespace

import anyio
import httpx
import pytest
import sniffio

from musement_async.testing import LocalMusement
from musement_async.testing.server import asgi

Ask = Callable[..., httpx.Response]
HEADERS = {"X-Musement-Application": "a-test"}


def test_the_next_calls_fail_as_often_as_wanted(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(2)
    assert [send_to(shop, "/cities").status_code for _ in range(3)] == [503, 503, 200]


def test_a_failure_has_the_body_it_was_given(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(1, status=422, code="77", message="Not today.")
    response = send_to(shop, "/cities")
    assert response.status_code == 422
    assert response.json() == {"code": "77", "message": "Not today."}
    assert "X-Request-Id" in response.headers


def test_failures_of_one_path_leave_others_alone(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(1, path="/cities/{cityId}")
    assert [send_to(shop, path).status_code for path in ("/cities", "/cities/2", "/cities/2")] == [200, 503, 200]


def test_one_resource_can_fail(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(1, path="/cities/2")
    assert [send_to(shop, path).status_code for path in ("/cities/40", "/cities/2")] == [200, 503]


def test_a_path_that_there_is_not_can_fail_too(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(1, path="/carts", status=423)
    assert send_to(shop, "/carts", "POST", json={}).status_code == 423


def test_failures_follow_one_another(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(1, status=500)
    shop.fail_next(1, status=502)
    assert [send_to(shop, "/cities").status_code for _ in range(3)] == [500, 502, 200]


def test_an_operation_can_refuse_a_good_token(local: LocalMusement, ask: Ask, client_login: dict[str, str]) -> None:
    token = ask("/login", params=client_login).json()["access_token"]
    local.fail_next(1, status=401, path="/cities")
    bearer = {"Authorization": f"Bearer {token}"}
    assert [ask("/cities", headers=bearer).status_code for _ in range(2)] == [401, 200]


def test_a_failed_login_spends_no_refresh_token(
    local: LocalMusement, ask: Ask, customer_login: dict[str, str], refresh_login: Callable[[str], dict[str, str]]
) -> None:
    parameters = refresh_login(ask("/login", params=customer_login).json()["refresh_token"])
    local.fail_next(1, path="/login")
    assert [ask("/login", params=parameters).status_code for _ in range(2)] == [503, 200]
    assert (local.rotations, local.reused_refresh_tokens) == (1, 0)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.anyio
async def test_answers_are_slow_on_demand(
    anyio_backend_name: str, shop: LocalMusement, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    assert sniffio.current_async_library() == anyio_backend_name
    delays: list[float] = []

    def watched(seconds: float) -> anyio.CancelScope:
        delays.append(seconds)
        return anyio.move_on_after(seconds)

    monkeypatch.setattr(asgi, "anyio", SimpleNamespace(move_on_after=watched, sleep_forever=anyio.sleep_forever))
    shop.respond_slowly(0.01, after=after)
    async with httpx.AsyncClient(transport=shop.transport(), base_url=shop.base_url, headers=HEADERS) as http:
        response = await http.get("/cities")
    assert (response.status_code, delays) == (200, [0.01])


def test_the_rule_for_a_path_goes_before_the_one_for_all(shop: LocalMusement, send_to: Ask) -> None:
    shop.respond_slowly(60)
    shop.respond_slowly(0, path="/cities")
    assert send_to(shop, "/cities").status_code == 200


def test_a_delay_can_be_taken_back(shop: LocalMusement, send_to: Ask) -> None:
    shop.respond_slowly(60)
    shop.respond_slowly(0)
    assert send_to(shop, "/cities").status_code == 200


@pytest.mark.anyio
async def test_a_login_that_is_slow_afterwards_has_rotated_already(
    anyio_backend_name: str, customer_login: dict[str, str], refresh_login: Callable[[str], dict[str, str]]
) -> None:
    assert sniffio.current_async_library() == anyio_backend_name
    local = LocalMusement()
    async with httpx.AsyncClient(transport=local.transport(), base_url=local.base_url, headers=HEADERS) as http:
        old = (await http.get("/login", params=customer_login)).json()
        local.respond_slowly(60, path="/login", after=True)
        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(lambda: http.get("/login", params=refresh_login(old["refresh_token"])))
                while not local.rotations:  # noqa: ASYNC110 - a server on a port gives no signal
                    await anyio.sleep(0.001)
                tasks.cancel_scope.cancel()
    assert local.logins("refresh_token") == 1


@pytest.mark.anyio
async def test_a_call_that_is_cut_off_before_its_work_is_not_counted(
    anyio_backend_name: str, client_login: dict[str, str]
) -> None:
    assert sniffio.current_async_library() == anyio_backend_name
    local = LocalMusement()
    local.respond_slowly(60)
    async with httpx.AsyncClient(transport=local.transport(), base_url=local.base_url, headers=HEADERS) as http:
        with anyio.move_on_after(0.05) as scope:
            await http.get("/login", params=client_login)
    assert scope.cancelled_caught
    assert local.count() == 0


def test_reset_takes_back_all_faults(shop: LocalMusement, send_to: Ask) -> None:
    shop.fail_next(5)
    shop.respond_slowly(60)
    shop.respond_slowly(60, path="/cities", after=True)
    shop.reset()
    assert send_to(shop, "/cities").status_code == 200


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("times", lambda local: local.fail_next(0)),
        ("status", lambda local: local.fail_next(1, status=200)),
        ("status", lambda local: local.fail_next(1, status=600)),
        ("path", lambda local: local.fail_next(1, path="cities")),
        ("path", lambda local: local.respond_slowly(1, path="http://127.0.0.1/api/v3/login")),
        ("seconds", lambda local: local.respond_slowly(-1)),
    ],
    ids=["never", "a success", "no status", "relative", "with the base URL", "backwards"],
)
def test_faults_that_make_no_sense_are_refused(
    shop: LocalMusement, argument: str, wrong: Callable[[LocalMusement], None]
) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: "):
        wrong(shop)


@pytest.fixture(autouse=True)
def _no_faults_left(shop: LocalMusement) -> None:
    shop.reset()


def test_failures_that_are_used_up_are_not_kept(shop: LocalMusement, send_to: Ask) -> None:
    for _ in range(20):
        shop.fail_next(2)
        assert [send_to(shop, "/cities").status_code for _ in range(3)] == [503, 503, 200]
    assert shop._faults._failures == []
