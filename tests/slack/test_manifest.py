"""manifest.yaml can be brought in as it is, and asks for what `bot/slack` uses and nothing more."""

import ast
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.slack.scopes import EVENTS, MANIFEST, METHODS, asked_for, commands, manifest, subscribed

ROOT = Path(__file__).parents[2]
SLACK, ROOF = ROOT / "bot" / "slack", ROOT / "bot" / "roof"
SCHEMA = ROOT.parent / "shared" / "schemas" / "slack-manifest.schema.2.0.0.json"
WHOLE = ("hearing.py", "saying.py", "peopling.py", "installing.py")  # until then a part is unused
BUILT_IN = {"/me", "/help", "/remind", "/status", "/topic", "/who", "/join", "/leave", "/invite",
            "/archive", "/rename", "/dm", "/msg", "/search", "/shrug", "/away", "/mute", "/open",
            "/apps", "/call", "/collapse", "/expand", "/feed", "/kick", "/prefs"}  # fmt: skip
BESIDES = {  # what is used without a method or an event of its own
    "commands": "slash commands and shortcuts",
    "chat:write.public": "chat.postMessage in a public channel that may not be joined",
    "users:read.email": "users.info tells addresses",
    "groups:read": "member_joined_channel of private channels; conversations.members there",
}
NOT_ASKED = {  # of methods that are about a channel of any kind: whom we never ask about
    "im:read": "who is in a direct conversation is known from the moment it is opened",
    "mpim:read": "nobody adds us to a group message",
    "mpim:history": "the same",
}

Whole = pytest.mark.skipif(
    not all((SLACK / name).exists() for name in WHOLE), reason="bot/slack is not whole yet"
)


def test_slack_takes_it_by_its_published_schema() -> None:
    if not SCHEMA.exists():
        pytest.skip(f"the schema is not at ../{SCHEMA.relative_to(ROOT.parent)}")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    wrong = [f"{one.json_path}: {one.message}" for one in validator.iter_errors(manifest())]
    assert not wrong
    broken = manifest() | {"display_information": {"name": "x" * 36}}
    assert list(validator.iter_errors(broken)), "the schema holds nothing"


def test_its_texts_fit() -> None:
    told, features = manifest()["display_information"], manifest()["features"]
    assert len(told["name"]) <= 35
    assert len(told["description"]) <= 140
    assert 175 <= len(told["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", told["background_color"])
    for one in features["slash_commands"]:
        assert len(one["command"]) <= 32
        assert one["command"] not in BUILT_IN
        assert not set("|<>") & set(one["usage_hint"])
        assert one["should_escape"], "people and channels arrive as ids"
    assert len(features["shortcuts"]) <= 10
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150


def test_it_speaks_plainly() -> None:
    told, features = manifest()["display_information"], manifest()["features"]
    said = [told["description"], told["long_description"]]
    said += [one["description"] for one in features["slash_commands"] + features["shortcuts"]]
    for text in said:
        assert "!" not in text
        assert not re.search(
            r"\b(initiative|metric|leverag|seamless|powerful)", text, re.IGNORECASE
        )
        assert text.endswith(".")


def test_both_transports_come_to_the_same_address() -> None:
    settings = manifest()["settings"]
    addresses = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(one["url"] for one in manifest()["features"]["slash_commands"]),
    }
    assert len(addresses) == 1
    assert addresses.pop().endswith("/slack/events")
    (back,) = manifest()["oauth_config"]["redirect_urls"]
    assert back.endswith("/slack/oauth_redirect")
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"]["is_enabled"] is True
    assert manifest()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_the_alias_is_there_and_off_and_nothing_is_promised_that_is_not_there() -> None:
    assert commands() == {"/align"}
    assert "# - command: /decide" in MANIFEST.read_text()
    assert "poll" not in MANIFEST.read_text().lower()


def test_nothing_is_asked_of_people_themselves() -> None:
    assert manifest()["oauth_config"]["scopes"].keys() == {"bot"}
    assert manifest()["settings"]["event_subscriptions"].keys() == {"request_url", "bot_events"}


def test_every_event_is_known_and_has_its_scope() -> None:
    assert subscribed() <= EVENTS.keys()
    needed = {EVENTS[event] for event in subscribed()} - {""}
    assert needed <= asked_for()


# What bot/slack uses, read from its code


def _constants() -> Iterator[tuple[str, str]]:
    """Every string in it that is no docstring, and where it stands; and where it is wired."""
    for file in sorted([*SLACK.glob("**/*.py"), *ROOF.glob("*.py")]):
        tree = ast.parse(file.read_text())
        said = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            at = f"{file.name}:{getattr(node, 'lineno', 0)}"
            match node:
                case ast.Constant(value=str(text)) if id(node) not in said:
                    yield text, at
                case ast.Attribute(attr=name) if name in _SDK:
                    yield _SDK[name], at
                case ast.GeneratorExp(elt=ast.JoinedStr(values=parts), generators=loops):
                    for text in _composed(parts, loops):
                        yield text, at


def _composed(parts: list[ast.expr], loops: list[ast.comprehension]) -> Iterator[str]:
    """What `f"{noun}_{what}" for noun in ("a", "b") for what in (…)` makes."""
    names = [loop.target.id for loop in loops if isinstance(loop.target, ast.Name)]
    given = [
        [one.value for one in loop.iter.elts if isinstance(one, ast.Constant)]
        for loop in loops
        if isinstance(loop.iter, ast.Tuple | ast.List)
    ]
    if len(names) == len(given) == len(loops):
        for chosen in itertools.product(*given):
            called = dict(zip(names, chosen, strict=True))
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant)
                else str(called.get(getattr(getattr(part, "value", None), "id", ""), "?"))
                for part in parts
            )  # fmt: skip


_SDK = {method.replace(".", "_"): method for method in METHODS}  # as slack_sdk names them
_FAMILIES = {method.partition(".")[0] for method in METHODS} | {"files", "pins", "usergroups",
             "admin", "bookmarks", "calls", "dnd", "emoji", "search", "stars"}  # fmt: skip
_METHOD = re.compile(rf"(?:{'|'.join(sorted(_FAMILIES))})(?:\.[a-z0-9]+)*\.[a-zA-Z]+")
_KINDS_OF_MESSAGE = {"message.im", "message.channels", "message.groups", "message.mpim"}


def called() -> dict[str, str]:
    """The methods that it names, and where."""
    return {text: at for text, at in _constants() if _METHOD.fullmatch(text)}


def heard() -> dict[str, str]:
    """The events that it names, and where."""
    return {text: at for text, at in _constants() if text in EVENTS or text == "message"}


def test_every_method_that_is_called_is_known_and_has_its_scope() -> None:
    for method, at in called().items():
        assert method in METHODS, f"{at} calls {method}: write down its scope in scopes.py"
        missing = set(METHODS[method].scopes.values()) - asked_for() - NOT_ASKED.keys() - {""}
        assert not missing, f"{at} calls {method}, which needs {sorted(missing)}"


def test_every_event_that_is_listened_to_is_listed() -> None:
    for event, at in heard().items():
        is_listed = event in subscribed() or (event == "message" and "message.im" in subscribed())
        assert is_listed, f"{at} listens to {event}, which manifest.yaml does not ask for"


@Whole
def test_no_event_is_listed_that_nobody_listens_to() -> None:
    deaf = {"message" if one in _KINDS_OF_MESSAGE else one for one in subscribed()} - heard().keys()
    assert not deaf, f"nobody listens to {sorted(deaf)}"


@Whole
def test_nothing_more_is_asked_for_than_is_used() -> None:
    used = {scope for method in called() for scope in METHODS[method].scopes.values()}
    used |= {EVENTS.get(event, "im:history") for event in heard()}
    idle = asked_for() - used - BESIDES.keys()
    assert not idle, f"nobody uses {sorted(idle)}"


def test_every_scope_that_is_named_is_asked_for() -> None:
    for text, at in _constants():
        if re.fullmatch(r"[a-z_.]+:(read|write|history|join)(\.[a-z]+)?", text):
            assert text in asked_for(), f"{at} names {text}, which manifest.yaml does not ask for"


@pytest.mark.skipif(not (SLACK / "scopes.py").exists(), reason="bot/slack is not whole yet")
def test_people_are_asked_for_the_same_in_a_browser() -> None:
    named = {text for text, at in _constants() if at.startswith("scopes.py:")}
    assert asked_for() <= named


def test_the_reading_of_code_finds_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.py").write_text(
        '"""Not chat.delete."""\n'
        'async def go(app, client):\n    await client.files_upload()\n'
        '    await client.users_info(user="U1")\n    await call("conversations.kick", x=1)\n'
        '    app.event("channel_shared")\n'
        'NAMES = tuple(f"{n}_{w}" for n in ("channel", "group") for w in ("rename",))\n'
    )  # fmt: skip
    for folder in ("SLACK", "ROOF"):
        monkeypatch.setattr(f"{__name__}.{folder}", tmp_path)
    assert called() == {"users.info": "x.py:4", "conversations.kick": "x.py:5"}
    assert heard() == {
        "channel_shared": "x.py:6",
        "channel_rename": "x.py:7",
        "group_rename": "x.py:7",
    }
    with pytest.raises(AssertionError, match=r"conversations\.kick: write down"):
        test_every_method_that_is_called_is_known_and_has_its_scope()
    with pytest.raises(AssertionError, match="listens to channel_shared"):
        test_every_event_that_is_listened_to_is_listed()
