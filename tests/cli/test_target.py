"""The API that the command asks, and the customer it asks for."""

import json
import subprocess
from collections.abc import Callable

import pytest

from musement_async import PRODUCTION, SANDBOX
from musement_async.cli.target import Target
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]

TRY = "--local needs no settings, and musement serve prints some to try"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEMENT_CLIENT_ID", "id")
    monkeypatch.setenv("MUSEMENT_CLIENT_SECRET", "secret")


def test_production_is_the_default(credentials: None) -> None:
    assert str(Target().open().http.base_url).rstrip("/") == PRODUCTION


def test_the_sandbox_is_musement_s(credentials: None) -> None:
    assert str(Target(sandbox=True).open().http.base_url).rstrip("/") == SANDBOX


def test_the_environment_leads_elsewhere(credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEMENT_BASE_URL", "https://api.example.com/v3")
    assert Target().open().http.base_url == "https://api.example.com/v3/"


def test_the_sandbox_asked_for_goes_before_the_environment(credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSEMENT_BASE_URL", "https://api.example.com/v3")
    assert str(Target(sandbox=True).open().http.base_url).rstrip("/") == SANDBOX


def test_the_local_musement_needs_no_settings(musement: Command) -> None:
    assert musement("cities", "--local").returncode == 0


def test_the_environment_s_credentials_log_in(musement: Command, served: LocalMusement) -> None:
    ended = musement("cities")
    assert (ended.returncode, served.logins("client_credentials")) == (0, 1)


def test_the_environment_s_customer_logs_in(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_USERNAME", served.username)
    monkeypatch.setenv("MUSEMENT_PASSWORD", served.password)
    ended = musement("cities")
    assert (ended.returncode, served.logins("password")) == (0, 1)


@pytest.mark.parametrize("place", [(), ("--local",)], ids=["network", "local"])
def test_language_and_currency_are_options(musement: Command, served: LocalMusement, place: tuple[str, ...]) -> None:
    ended = musement(
        "activities", "--city", "2", "--json", "--limit", "1", "--language", "it-IT", "--currency", "GBP", *place
    )
    (activity,) = json.loads(ended.stdout)
    assert activity["retail_price"]["currency"] == "GBP"
    assert activity["city"]["country"]["name"] == "Italia"


@pytest.mark.parametrize("place", [(), ("--local",)], ids=["network", "local"])
def test_language_and_currency_may_come_from_the_environment(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch, place: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MUSEMENT_LANGUAGE", "it-IT")
    monkeypatch.setenv("MUSEMENT_CURRENCY", "GBP")
    (activity,) = json.loads(musement("activities", "--city", "2", "--json", "--limit", "1", *place).stdout)
    assert activity["retail_price"]["currency"] == "GBP"
    assert activity["city"]["country"]["name"] == "Italia"


def test_an_option_goes_before_the_environment(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_CURRENCY", "GBP")
    (activity,) = json.loads(musement("activities", "--json", "--limit", "1", "--currency", "USD").stdout)
    assert activity["retail_price"]["currency"] == "USD"


def test_an_empty_variable_counts_as_none(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_LANGUAGE", "")
    assert musement("cities").returncode == 0


@pytest.mark.parametrize(
    "missing", ["MUSEMENT_CLIENT_ID", "MUSEMENT_CLIENT_SECRET", "MUSEMENT_USERNAME", "MUSEMENT_PASSWORD"]
)
def test_a_missing_setting_is_named(musement: Command, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name in ("MUSEMENT_CLIENT_ID", "MUSEMENT_CLIENT_SECRET", "MUSEMENT_USERNAME", "MUSEMENT_PASSWORD"):
        monkeypatch.setenv(name, "something")
    monkeypatch.delenv(missing)
    ended = musement("cities")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"musement: {missing} is not set in the environment; {TRY}\n"


def test_a_missing_application_is_named(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MUSEMENT_APPLICATION")
    ended = musement("cities")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("musement: MUSEMENT_APPLICATION is missing or wrong (")
    assert ended.stderr.count("\n") == 1


def test_wrong_credentials_are_one_line_without_the_secret(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_CLIENT_SECRET", "not-the-secret")
    ended = musement("activities", "--json", "--currency", "EUR", "--language", "it-IT")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("musement: the login was refused")
    assert "not-the-secret" not in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_currency_that_is_not_one_is_named(musement: Command, served: LocalMusement) -> None:
    ended = musement("activities", "--currency", "ZZZ")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "musement: --currency ZZZ is not a currency that Musement knows\n"


def test_a_currency_may_be_in_small_letters(musement: Command, served: LocalMusement) -> None:
    (activity,) = json.loads(musement("activities", "--json", "--limit", "1", "--currency", "gbp").stdout)
    assert activity["retail_price"]["currency"] == "GBP"


def test_a_command_without_prices_asks_in_no_currency(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_CURRENCY", "ZZZ")
    assert musement("cities").returncode == 0


@pytest.mark.parametrize("language", ["it", "de-CH,IT;q=0.5", "*", ""])
def test_nothing_is_said_of_a_language_that_texts_are_in(musement: Command, language: str) -> None:
    assert musement("cities", "--local", "--limit", "1", "--language", language).stderr == ""


@pytest.mark.parametrize("language", ["xx", "zz-ZZ", "it_IT"])
def test_a_language_that_no_texts_are_in_is_said_apart_from_the_output(musement: Command, language: str) -> None:
    ended = musement("cities", "--local", "--limit", "1", "--language", language)
    said = f"musement: --language {language}: Musement has no texts in this language, only in en, it\n"
    assert (ended.returncode, ended.stderr) == (0, said)
    assert ended.stdout == musement("cities", "--local", "--limit", "1").stdout


def test_a_command_goes_on_where_the_api_does_not_tell_its_languages(musement: Command, served: LocalMusement) -> None:
    served.fail_next(1, status=500, path="/languages")
    ended = musement("cities", "--limit", "1", "--language", "xx")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_network_that_does_not_answer_is_one_line(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_BASE_URL", "http://127.0.0.1:1/api/v3")
    ended = musement("cities")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("musement: the login failed: 127.0.0.1 cannot be reached: ")
    assert ended.stderr.count("\n") == 1


def test_an_error_of_the_api_is_one_line(musement: Command, served: LocalMusement) -> None:
    served.fail_next(100, status=500, path="/cities", message="Broken.\nReally.")
    ended = musement("cities", "--json")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("musement: GET /cities: 500 Broken.\\nReally.")
    assert ended.stderr.count("\n") == 1
