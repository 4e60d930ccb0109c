import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
from musement_async.testing.plugin import local_musement, musement_client, shared_musement, shared_musement_url
"""
OPTIONS = ("-p", "no:randomly", "-p", "no:cacheprovider", "-o", "asyncio_default_fixture_loop_scope=function")


def test_every_test_gets_a_local_musement_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        """
        seen = []

        def test_one(local_musement):
            seen.append(local_musement)
            local_musement.fail_next(1)

        def test_two(local_musement):
            assert local_musement is not seen[0]
            assert type(local_musement).__name__ == "LocalMusement"
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=2)


def test_the_client_works_under_pytest_asyncio_and_anyio_alike(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.asyncio
        async def test_asyncio(local_musement, musement_client):
            assert (await musement_client.cities.get(2)).name == "Rome"
            assert local_musement.logins() == 1

        @pytest.mark.anyio
        async def test_anyio(local_musement, musement_client):
            assert (await musement_client.cities.get(2)).name == "Rome"
            assert local_musement.logins() == 1
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=3)


def test_fixtures_of_the_session_can_build_on_a_running_server(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        CONFTEST
        + """
import httpx
import pytest

@pytest.fixture(scope="session")
def http(shared_musement_url):
    with httpx.Client(base_url=shared_musement_url, headers={"X-Musement-Application": "any"}) as client:
        yield client

@pytest.fixture(scope="module")
def of_a_module(shared_musement, shared_musement_url):
    return shared_musement

@pytest.fixture(autouse=True)
def as_new(shared_musement):
    shared_musement.reset(everything=True)
"""
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_it(http, of_a_module, shared_musement, local_musement, turn):
            assert shared_musement is of_a_module
            assert shared_musement is not local_musement
            shared_musement.fail_next(1)
            assert http.post("/signup", json={"email": "new@example.com"}).status_code == 503
            login = {"client_id": "local-client", "client_secret": "local-secret", "grant_type": "client_credentials"}
            token = http.post("/login", json=login).json()["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            assert http.post("/signup", json={"email": "new@example.com"}, headers=headers).status_code == 200
            assert shared_musement.count() == 3
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=2)


def test_the_shared_server_is_the_one_that_a_conftest_makes(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        CONFTEST
        + """
import pytest
from musement_async.testing import LocalMusement

@pytest.fixture(scope="session")
def shared_musement():
    return LocalMusement(activities=1, require_token=False)
"""
    )
    pytester.makepyfile(
        """
        import httpx

        def test_it(shared_musement, shared_musement_url):
            found = httpx.get(f"{shared_musement_url}/activities", headers={"X-Musement-Application": "any"}).json()
            assert found["meta"]["count"] == 1
            assert shared_musement.count() == 1
        """
    )
    pytester.runpytest_inprocess(*OPTIONS).assert_outcomes(passed=1)
