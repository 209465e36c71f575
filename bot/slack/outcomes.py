"""Runs what somebody did, and draws what they are to see. All of it is work for a thread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.answering import Answer, Answering, M
from bot.clock import Clock
from bot.messages import Account, Button, Card, Channel, Command, Form, Refusal, from_json, to_json
from bot.slack import blocks, buttons, modals, typed, views
from bot.slack.buttons import More
from bot.slack.doings import PLATFORM, Doing
from bot.slack.entrances import Privacy
from bot.slack.payloads import Junk, Payload
from bot.slack.seen import Seen
from bot.slack.views import Filled

CONTINUE = "continue"  # what a button sends that opens a form which was kept
NO_LONGER = "That button is no longer there. Ask me again."
TOO_OLD = "I kept this form for some days only, and no longer know it. Open it again."
PRIVACIES: tuple[Privacy, ...] = ("", "open", "private", "direct")
CARRIED = ("at", "name", "privacy", "under")
PAGES = ("home", "modal", "filled", "shortcut")  # ways whose answer may be shown in a modal
NOBODY: Mapping[str, str] = {}
Standing = Callable[[Command, Sequence[str]], Sequence[tuple[str, Card]]]


@dataclass(slots=True)
class Task:
    """What is done with one delivery. `name` is the command's, once that is known."""

    doing: Doing
    action: Payload | None = None  # the button that was pressed
    submitted: Payload | None = None  # the view that was filled in
    name: str = ""
    called: Mapping[str, str] = field(default_factory=dict)  # how who is mentioned is typed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be shown. `at` is where, `is_told` that there is nothing more to say."""

    at: Channel
    by: Account
    messages: tuple[Payload, ...] = ()
    page: Payload | None = None  # the first of them as a page's blocks
    form: Form | None = None
    view: Payload | None = None
    kept: Payload | None = field(default=None)  # [Continue], for a form that cannot be opened
    refusal: Refusal | None = None
    errors: Payload | None = None  # of a form, under its fields
    is_repeat: bool = False
    has_changed: bool = False
    is_typed: bool = False  # a question typed into a form of its own


class Outcomes:
    """`see` says what rendering knows of a place, `standing` composes what is posted anew."""

    def __init__(
        self,
        answering: Answering[M],
        standing: Standing,
        see: Callable[[Channel], Seen],
        clock: Clock,
    ) -> None:
        self._router, self._answer = answering.router, answering.answer
        self._standing, self._see, self._clock = standing, see, clock

    def is_reading(self, name: str) -> bool:
        """Whether a command of this name only looks."""
        return name in self._router.routes and self._router.routes[name].kind == "reads"

    def of(self, task: Task, at: Channel, by: Account) -> Outcome:
        """Do it. Where it was done in a page, `at` is their direct conversation with us."""
        doing, seen = task.doing, self._see(at)
        if task.action is not None:
            return self._pressed(task, task.action, at, by, seen)
        if task.submitted is not None:
            return self._filled(task, task.submitted, at, by, seen)
        return self._run(task, self._command(doing, at, by, task.called), seen)

    def home(self, at: Channel, by: Account) -> Payload:
        """The home card, as a page."""
        command = Command("home", by, at, self._clock.now())
        answer, seen = self._answer(command), self._see(at)
        card = blocks.refused(answer.refusal) if answer.refusal else answer.cards[0]
        return blocks.home(card, seen)

    def _command(
        self, doing: Doing, at: Channel, by: Account, called: Mapping[str, str] = NOBODY
    ) -> Command:
        name, text, values = doing.name, doing.text, doing.values
        if doing.typed is not None:
            heard = self._router.hear(typed.plainly(doing.typed, called))
            name, text = heard.name, heard.text
            values = {"near": heard.near} if heard.near else {}
        if name not in self._router.routes:
            raise Junk("the command's name")
        now = self._clock.now()
        return Command(name, by, at, now, text, values, doing.key, doing.under, doing.source)

    def _pressed(
        self, task: Task, action: Payload, at: Channel, by: Account, seen: Seen
    ) -> Outcome:
        match buttons.pressed(action, seen):
            case More() as more:
                return self._more(more, task, at, by, seen)
            case Button(sends=sends, values={"form": kept}) if sends == CONTINUE:
                form = from_json(kept)
                if isinstance(form, Form):
                    return self._shown(task, Answer(form=form), at, by, seen)
            case Button(sends=sends) as button if sends in self._router.routes:
                values = {str(name): str(value) for name, value in button.values.items()}
                doing = replace(task.doing, name=sends, text=button.text, values=values)
                return self._run(task, self._command(doing, at, by), seen)
        return self._shown(task, Answer(refusal=Refusal(NO_LONGER)), at, by, seen)

    def _more(self, more: More, task: Task, at: Channel, by: Account, seen: Seen) -> Outcome:
        card = buttons.kept_card(more, seen)
        if more.key:
            command = Command("home", by, at, self._clock.now(), under=task.doing.under)
            card = next((found for _, found in self._standing(command, (more.key,))), None)
        if card is None:
            return self._shown(task, Answer(refusal=Refusal(NO_LONGER)), at, by, seen)
        message = blocks.message(card, seen, more.key, more.page)
        return Outcome(at, by, (message,), blocks.home(card, seen, more.key, more.page))

    def _filled(
        self, task: Task, submitted: Payload, at: Channel, by: Account, seen: Seen
    ) -> Outcome:
        try:
            found: Filled | None = views.filled(submitted, seen)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError, StopIteration) as odd:
            raise Junk("the form") from odd
        if found is None:
            return Outcome(at, by, refusal=Refusal(TOO_OLD))
        if found.errors:
            return Outcome(at, by, errors=views.errors(found.errors), refusal=Refusal(""))
        if found.sends == modals.TYPED:
            doing = replace(task.doing, typed=found.values.get("typed", ""))
            return replace(self._run(task, self._command(doing, at, by), seen), is_typed=True)
        values = {**found.values}
        doing = replace(task.doing, name=found.sends, text=found.text, values=values)
        outcome = self._run(task, self._command(doing, at, by), seen)
        refusal = outcome.refusal
        if refusal and refusal.field and refusal.field in values:
            return replace(outcome, errors=views.refused(refusal, submitted, seen))
        return outcome

    def _run(self, task: Task, command: Command, seen: Seen) -> Outcome:
        task.name = command.name
        answer = self._answer(command)
        is_changing = not self.is_reading(command.name)
        said = list(answer.cards)
        is_typed = task.doing.typed is not None
        if is_typed and not said and not answer.where and not answer.form:
            said = [card for _, card in self._standing(command, answer.said)]
        if answer.where and not said and command.at.privacy != "direct":
            said = [Card("", _saved(answer, command.at))]
        shown = self._shown(task, replace(answer, cards=tuple(said)), command.at, command.by, seen)
        changed = is_changing and not answer.refusal and not answer.is_repeat
        return replace(shown, has_changed=changed)

    def _shown(self, task: Task, answer: Answer, at: Channel, by: Account, seen: Seen) -> Outcome:
        cards = [blocks.refused(answer.refusal)] if answer.refusal else list(answer.cards)
        messages = tuple(blocks.message(card, seen) for card in cards)
        is_page = bool(cards) and task.doing.reach.way in PAGES
        return Outcome(
            at,
            by,
            messages,
            blocks.home(cards[0], seen) if is_page else None,
            answer.form,
            self._view(answer.form, task.doing, at, seen) if answer.form else None,
            None,
            answer.refusal,
            is_repeat=answer.is_repeat,
        )

    def _view(self, form: Form, doing: Doing, at: Channel, seen: Seen) -> Payload:
        """What is submitted belongs where the form was asked for."""
        return views.view(form, seen, where(at, doing.under))

    def asking(self, at: Channel) -> Payload:
        """A form for whatever somebody wants to say, from anywhere."""
        return views.view(modals.ASK, self._see(at), {})

    def kept(self, outcome: Outcome) -> Payload:
        """The private card for a form that could not be opened: its button brings a new trigger."""
        assert outcome.form is not None
        button = Button("Continue", CONTINUE, values={"form": to_json(outcome.form)}, is_main=True)
        told = "What you gave me is kept. Press Continue to fill in the rest."
        seen = self._see(outcome.at)
        return blocks.message(Card(outcome.form.title, told, buttons=(button,)), seen)


def _saved(answer: Answer, at: Channel) -> str:
    """It was committed before this is said."""
    if set(answer.where) <= {at.id, at.name}:
        return "Saved. It is posted here."
    return f"Saved. It is posted in {', '.join(answer.where)}."


def where(at: Channel, under: str) -> dict[str, str]:
    """A place, as a form carries it along."""
    return {"at": at.id, "name": at.name, "privacy": at.privacy, "under": under}


def carried(submitted: Payload, tenant: str) -> tuple[Channel | None, str]:
    """The place and the thread that a form was asked for in; no place for one from anywhere.

    Raises `Junk` for what is no form of ours.
    """
    try:
        told: dict[str, Any] = views.carried(submitted)
        id, name, privacy, under = (str(told.get(one, "")) for one in CARRIED)
    except (KeyError, IndexError, ValueError, TypeError) as odd:
        raise Junk("view.private_metadata") from odd
    known: Privacy = next((one for one in PRIVACIES if one == privacy), "private")
    return (Channel(PLATFORM, tenant, id, name, known) if id else None), under
