import pytest

pytest_plugins = ["pytester"]

CONFTEST = "from musement_async.testing.plugin import local_musement, musement_client\n"
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
