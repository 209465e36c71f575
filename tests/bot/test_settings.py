"""Settings come from the environment, once, and a wrong one is said in words."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings, Unset


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_needs_to_be_set() -> None:
    chosen = settings.read()
    assert (chosen.host, chosen.port) == ("127.0.0.1", 8700)
    assert chosen.database_url == "sqlite:///throughline.db"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("ORGANISATION", "Acme Lifts")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    chosen = settings.read()
    assert (chosen.port, chosen.organisation, chosen.tz) == (9000, "Acme Lifts", "Europe/Berlin")


def test_what_is_given_comes_before_the_environment_and_that_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=1001\nHOST=10.0.0.1\nORGANISATION=Filed\n")
    monkeypatch.setenv("PORT", "1002")
    monkeypatch.setenv("HOST", "10.0.0.2")
    chosen = settings.read(port=1003)
    assert (chosen.port, chosen.host, chosen.organisation) == (1003, "10.0.0.2", "Filed")


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("TZ", "")
    assert settings.read().port == 8700


def test_other_programs_settings_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SOMETHING_ELSE=1\n")
    assert settings.read().port == 8700


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", "/etc/localtime"])
def test_a_zone_that_nobody_knows_is_named_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    with pytest.raises(Unset) as told:
        settings.read()
    assert str(told.value) == (
        f'TZ: I don\'t know the time zone "{zone}". Use a name like Europe/Berlin or UTC.'
    )


@pytest.mark.parametrize("port", ["many", "-1", "65536", "80.5"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Unset, match=r"^PORT: "):
        settings.read()


def test_everything_wrong_is_said_at_once_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("TZ", "Mars/Olympus")
    with pytest.raises(Unset) as told:
        settings.read()
    assert [line.partition(":")[0] for line in str(told.value).splitlines()] == ["PORT", "TZ"]


TOKEN, SECRET, APP = "xoxb-1", "s3cret", "xapp-1"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"slack_bot_token": TOKEN}, "Slack would not be heard: set SLACK_SIGNING_SECRET"),
        ({"slack_signing_secret": SECRET}, "Slack would be heard and not answered"),
        ({"slack_app_token": APP}, "Slack would be heard and not answered"),
        ({"slack_bot_token": APP, "slack_app_token": APP}, "SLACK_BOT_TOKEN: It begins with xoxb-"),
        ({"slack_bot_token": TOKEN, "slack_app_token": TOKEN}, "SLACK_APP_TOKEN: It begins with"),
        ({"slack_api_url": "slack"}, 'SLACK_API_URL: "slack" is no address'),
        (
            {"throughline_sandbox": True, "host": "0.0.0.0"},
            "THROUGHLINE_SANDBOX: the sandbox exists on this machine only",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(
    given: dict[str, object], told: str
) -> None:
    with pytest.raises(Unset) as wrong:
        settings.read(**given)
    assert str(wrong.value).startswith(told)
    assert len(str(wrong.value).splitlines()) == 1


def test_slack_is_heard_by_either_way_or_both() -> None:
    for hears in ({"slack_signing_secret": SECRET}, {"slack_app_token": APP}):
        assert settings.read(slack_bot_token=TOKEN, **hears).has_slack
    both = settings.read(
        slack_bot_token=TOKEN, slack_signing_secret=SECRET, slack_app_token=APP,
        slack_api_url="http://127.0.0.1:9/api",
    )  # fmt: skip
    assert both.slack_api_url == "http://127.0.0.1:9/api/"


def test_the_sandbox_is_off_beside_a_chat_unless_it_is_wanted() -> None:
    chat = {"slack_bot_token": TOKEN, "slack_app_token": APP}
    assert settings.read().has_sandbox
    assert not settings.read(host="10.0.0.1").has_sandbox
    assert not settings.read(**chat).has_sandbox
    assert settings.read(**chat, throughline_sandbox=True).has_sandbox


SLACK = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "x" * 32}


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("SLACK_CLIENT_SECRET", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together"),
        ("PUBLIC_URL", "PUBLIC_URL: with SLACK_CLIENT_ID, Slack sends browsers back to me"),
    ],
)
def test_many_workspaces_need_all_that_lets_them_in(
    monkeypatch: pytest.MonkeyPatch, without: str, told: str
) -> None:
    for name, value in {**SLACK, "PUBLIC_URL": "https://chat.example.com"}.items():
        monkeypatch.setenv(name, value)
    assert settings.read().slack_client_id == "1.2"
    monkeypatch.delenv(without)
    with pytest.raises(Unset, match=f"^{told}"):
        settings.read()
