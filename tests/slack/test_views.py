"""A form comes back as it was sent, or with what somebody made of it."""

from typing import Any

from hypothesis import HealthCheck, given, settings

from bot.messages import Form, Input, Refusal
from bot.slack import views
from tests.slack import limits
from tests.slack.cards import forms
from tests.slack.filling import values_of
from tests.slack.mrkdwn import World
from tests.slack.seen import Seen

HERE = World(users={f"U{number:05}" for number in range(60)})
often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def submitted(view: dict[str, Any], **given: str) -> dict[str, Any]:
    """What Slack sends when somebody presses Save; `given` by the place of a field, as `_0`."""
    values = values_of(view)
    for place, text in given.items():
        block = f"input/{place[1:]}/0"
        (state,) = values[block].values()
        state["value"] = text
    return {**view, "state": {"values": values}}


@often
@given(form=forms)
def test_a_form_that_nobody_touched_comes_back_as_it_was(form: Form) -> None:
    seen = Seen()
    view = views.view(form, seen, {"channel": "C1", "under": "1.2"})
    assert limits.of_view(view, HERE) == []
    assert views.carried(view) == {"channel": "C1", "under": "1.2"}
    filled = views.filled(submitted(view), seen)
    assert filled is not None
    assert (filled.sends, filled.text) == (form.sends, form.text)
    assert filled.values == {**form.values, **{one.name: standing(one) for one in form.inputs}}


def standing(one: Input) -> str:
    """What stands in a field before anybody touches it: of a choice, one of its options."""
    known = {value for value, _ in one.options}
    return one.value if one.kind != "choice" or one.value in known or not known else ""


def test_what_is_needed_and_empty_is_said_under_its_field() -> None:
    form = Form("Why?", "because", (Input("a", "A", is_needed=False), Input("reason", "Why")))
    seen = Seen()
    filled = views.filled(submitted(views.view(form, seen), _1="  "), seen)
    assert filled is not None
    assert filled.errors == {"input/1/0": "“Why” is still empty."}


def test_a_refusal_stands_under_the_field_it_is_about() -> None:
    form = Form("Why?", "because", (Input("a", "A"), Input("reason", "Why")))
    seen = Seen()
    view = submitted(views.view(form, seen))
    said = views.refused(Refusal("Too <long>.", field="reason"), view, seen)
    assert said == {"response_action": "errors", "errors": {"input/1/0": "Too &lt;long&gt;."}}
    other = views.refused(Refusal("No.", field="else"), view, seen)
    assert list(other["errors"]) == ["input/0/0"]


def test_many_options_are_all_there_in_groups() -> None:
    options = tuple((f"initiative/{n}", f"Project {n}") for n in range(450))
    form = Form("Which?", "told", (Input("is", "It is", "choice", "initiative/449", options),))
    seen = Seen()
    view = views.view(form, seen)
    groups = view["blocks"][0]["element"]["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 100, 100, 50]
    filled = views.filled(submitted(view), seen)
    assert filled is not None
    assert filled.values == {"is": "initiative/449"}


def test_of_more_options_than_slack_takes_one_is_typed_by_its_name() -> None:
    options = tuple((f"initiative/{n}", f"Project {n}") for n in range(5000))
    form = Form("Which?", "told", (Input("is", "It is", "choice", "", options),))
    seen = Seen()
    view = views.view(form, seen)
    assert limits.of_view(view, HERE) == []
    found = views.filled(submitted(view, _0=" project 4711"), seen)
    assert found is not None
    assert (found.values, found.errors) == ({"is": "initiative/4711"}, {})
    unknown = views.filled(submitted(view, _0="Project"), seen)
    assert unknown is not None
    assert list(unknown.errors) == ["input/0/0"]


def test_a_form_whose_rest_was_let_go_of_is_too_old() -> None:
    form = Form("Why?", "because", (Input("reason", "Why"),), "x" * 4000)
    seen = Seen()
    view = submitted(views.view(form, seen, {"channel": "C1"}), _0="so")
    seen.texts.clear()
    assert views.carried(view) == {"channel": "C1"}
    assert views.filled(view, seen) is None
