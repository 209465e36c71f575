"""Hears what people do in Slack by every way in, and answers in time.

Slack waits three seconds for an acknowledgement. What somebody did is begun at once and waited for
two; later it is acknowledged as it is, and the outcome follows. Nothing is cut off for being late.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.messages import Account, Channel, Refusal, Source
from bot.platforms import NotSent, Unknown, Unreachable
from bot.slack import entrances, modals, outcomes, parts
from bot.slack.calls import Calls, Refused
from bot.slack.doings import PLATFORM, Doing, Here, Who
from bot.slack.outcomes import Outcome, Outcomes, Task
from bot.slack.payloads import Junk, Payload
from bot.slack.replies import Replies
from bot.slack.running import Running

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds that are waited before it is acknowledged as it is
CROWDED = 64  # under way at once: then half of it, for the acknowledgements take their time too
REMEMBERED = 10_000  # deliveries of which a second arrival is known without asking the database
SAVING, LOOKING = "Saving…", "Looking…"
BROKEN = (
    "Something went wrong here, and I don't know whether it was saved. Look before you try again."
)
Body = Mapping[str, Any]  # of an acknowledgement
OK: Body = {}
arrived: ContextVar[float] = ContextVar("arrived", default=0.0)  # by the event loop's clock


class People(Protocol):
    """Who somebody is, as Slack says it."""

    async def account(self, tenant: str, id: str) -> Account:
        """Raises `Refusal` where nobody can say."""
        ...

    async def called(self, at: Channel, ids: list[str]) -> Mapping[str, str]:
        """How each of those who are mentioned is typed in a command."""
        ...


class Direct(Protocol):
    """Knows the conversation that somebody has with us alone."""

    async def private(self, account: Account) -> Channel: ...


@dataclass(slots=True)
class Heard:
    """One delivery, and the work on it."""

    task: Task
    here: Here
    work: asyncio.Task[Outcome]


class Hearing:
    """One `hear_…` for each way in; each gives the body of the acknowledgement."""

    def __init__(
        self,
        done: Outcomes,
        replies: Replies,
        calls: Calls,
        people: People,
        direct: Direct,
        running: Running,
        emoji: str,
        patience: float = PATIENCE,
    ) -> None:
        self._outcomes, self._replies, self._calls = done, replies, calls
        self._people, self._direct, self._running = people, direct, running
        self._emoji, self._patience = emoji, patience
        self._heard: OrderedDict[tuple[str, str], Heard] = OrderedDict()
        self._conversations: dict[tuple[str, str], Channel] = {}
        self._homes: dict[tuple[str, str], bool] = {}  # being shown; true where it must be anew
        self._looking: OrderedDict[tuple[str, str], None] = OrderedDict()  # who opened theirs

    # The ways in

    async def hear_slash(self, payload: Payload, here: Here) -> Body:
        """The answer stands in the acknowledgement, for that person alone."""
        heard, is_new = self._begin(Task(entrances.slash(payload, here)), here)
        if not await self._is_done(heard):
            if is_new:
                self._running.start(self._follows(heard))
            return {"response_type": "ephemeral", "text": self._waiting(heard)} if is_new else OK
        outcome = heard.work.result()
        if not is_new or outcome.is_repeat:
            return OK
        first = outcome.messages[:1] if not outcome.form else ()
        self._running.start(self._shows(heard, replace(outcome, messages=outcome.messages[1:])
                                        if first else outcome))  # fmt: skip
        return {"response_type": "ephemeral", **first[0]} if first else OK

    async def hear_message(self, payload: Payload, here: Here) -> Body:
        """A mention, or a direct message: acknowledged once it is saved."""
        doing = entrances.message(payload, here)
        return await self._event(doing, here)

    async def hear_reaction(self, payload: Payload, here: Here) -> Body:
        """The chosen emoji offers to log the message, to whoever put it there."""
        return await self._event(
            entrances.reacted(payload, here, self._emoji, "offer to log"), here
        )

    async def hear_home(self, payload: Payload, here: Here) -> Body:
        """Somebody looks at our home page."""
        doing = entrances.opened(payload, here)
        if doing is not None:
            if doing.at is not None:
                self._conversations[here.tenant, doing.who.id] = doing.at
            self._looking[here.tenant, doing.who.id] = None
            if len(self._looking) > REMEMBERED:
                self._looking.popitem(last=False)
            shown = self._running.start(self._home(here, doing.who))
            await asyncio.wait({shown}, timeout=self._patience)
        return OK

    async def hear_press(self, payload: Payload, here: Here) -> Body:
        """A button. What it says of itself is read where it can be looked up."""
        doing = entrances.pressed(payload, here)
        actions = payload["actions"]
        heard, is_new = self._begin(Task(doing, action=actions[0]), here)
        is_done = await self._is_done(heard)
        if is_new:
            self._running.start(self._follows(heard, says_wait=not is_done))
        return OK

    async def hear_shortcut(self, payload: Payload, here: Here) -> Body:
        """From anywhere: a form for whatever somebody wants to say."""
        doing = entrances.shortcut(payload, here)
        self._running.start(self._asks(doing, here))
        return OK

    async def hear_shortcut_on(self, payload: Payload, here: Here) -> Body:
        """On a message: the form to log it."""
        return await self._event(entrances.shortcut_on(payload, here, "log this"), here)

    async def hear_form(self, payload: Payload, here: Here) -> Body:
        """A form, filled in. It stays open while something in it is not right."""
        view = payload["view"]
        at, under = outcomes.carried(view, here.tenant)
        doing = replace(entrances.filled(payload, here), at=at, under=under)
        heard, is_new = self._begin(Task(doing, submitted=view), here)
        if not await self._is_done(heard):
            if is_new:
                self._running.start(self._follows_form(heard))
            said = [parts.section(self._waiting(heard))]
            return {"response_action": "update", "view": modals.saying("Throughline", said)}
        outcome = heard.work.result()
        if outcome.refusal:
            self._forget(heard)  # the same form comes again, with something else in it
            return outcome.errors or {
                "response_action": "update",
                "view": modals.refused(view, outcome.refusal.text),
            }
        if not is_new:
            return OK
        shown = _as_modal(outcome) if outcome.is_typed and not outcome.form else None
        rest = replace(outcome, messages=outcome.messages[1:]) if shown else outcome
        self._running.start(self._shows(heard, rest))
        return {"response_action": "update", "view": shown} if shown else OK

    async def _event(self, doing: Doing | None, here: Here) -> Body:
        if doing is None:
            return OK
        heard, is_new = self._begin(Task(doing), here)
        await self._is_done(heard)
        if is_new:
            self._running.start(self._follows(heard))
        return OK

    # Doing it

    def _begin(self, task: Task, here: Here) -> tuple[Heard, bool]:
        """Begin what came, or find what was begun when it came before.

        What changes something is known by its key in the database too. This is for what only
        looks, and for two arrivals at once: each is acknowledged when the one work is done.
        """
        key = here.tenant, task.doing.key
        if before := self._heard.get(key):
            return before, False
        heard = Heard(task, here, self._running.start(self._work(task, here)))
        self._heard[key] = heard
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return heard, True

    def _forget(self, heard: Heard) -> None:
        self._heard.pop((heard.here.tenant, heard.task.doing.key), None)

    async def _is_done(self, heard: Heard) -> bool:
        running = asyncio.get_running_loop()
        patience = self._patience / (2 if len(self._running) > CROWDED else 1)
        left = patience - (running.time() - (arrived.get() or running.time()))
        await asyncio.wait({heard.work}, timeout=max(left, 0.0))
        return heard.work.done()

    def _waiting(self, heard: Heard) -> str:
        name = heard.task.name
        return LOOKING if not name or self._outcomes.is_reading(name) else SAVING

    async def _work(self, task: Task, here: Here) -> Outcome:
        doing = task.doing
        at, by = doing.at, Account(PLATFORM, here.tenant, doing.who.id, doing.who.name)
        try:
            by = await self._people.account(here.tenant, doing.who.id)
            if at is None:
                at = await self._conversation(by)
            if doing.source is not None:
                task.doing = replace(doing, source=await self._source(at, doing.source))
            if mentioned := entrances.mentioned(doing, here):
                task.called = await self._people.called(at, mentioned)
            return await self._running.in_pool(self._outcomes.of, task, at, by)
        except Junk as junk:
            log.warning("not understood", extra={"piece": str(junk)})
            return Outcome(at or _nowhere(by), by, is_repeat=True)
        except Refusal as refusal:
            self._heard.pop((here.tenant, doing.key), None)
            said = ({"text": refusal.text},)
            return Outcome(at or _nowhere(by), by, said, refusal=refusal)
        except Exception:  # the edge: whoever did it gets a sentence, the operator the place
            log.exception("failed", extra={"command": task.name})
            self._heard.pop((here.tenant, doing.key), None)
            at = at or _nowhere(by)
            why = Refusal(BROKEN)
            return Outcome(at, by, ({"text": BROKEN},), refusal=why)

    async def _conversation(self, by: Account) -> Channel:
        """Their direct conversation with us. Where Slack gives none, their own id stands for it."""
        known = by.tenant, by.id
        if known not in self._conversations:
            try:
                self._conversations[known] = await self._direct.private(by)
            except (NotSent, Unknown, Unreachable):
                return _nowhere(by)
        return self._conversations[known]

    async def _source(self, at: Channel, told: Source) -> Source:
        """The text of a message, where only its time is known yet, and its link."""
        ts = told.link
        text = told.text or await self._text(at, ts)
        said = await self._asked(at.tenant, "chat.getPermalink", channel=at.id, message_ts=ts)
        return Source(entrances.plainly(text), str(said.get("permalink") or ""))

    async def _text(self, at: Channel, ts: str) -> str:
        here = {"channel": at.id, "latest": ts, "oldest": ts, "inclusive": "true", "limit": 1}
        for method, more in (("conversations.history", {}), ("conversations.replies", {"ts": ts})):
            said = await self._asked(at.tenant, method, **here, **more)
            for message in said.get("messages") or ():
                if isinstance(message, dict) and message.get("ts") == ts:
                    return str(message.get("text") or "")
        return ""

    async def _asked(self, tenant: str, method: str, **asked: Any) -> Mapping[str, Any]:
        try:
            return await self._calls.ask(tenant, method, **asked)
        except (NotSent, Unknown, Unreachable, Refused) as why:
            log.info("not told", extra={"method": method, "why": str(why)})
            return {}

    # Showing what came of it

    async def _follows(self, heard: Heard, says_wait: bool = False) -> None:
        """The outcome, when it is there; `says_wait` shows first that it is worked on."""
        doing = heard.task.doing
        if says_wait and doing.at is not None:
            await self._replies.tell(doing, doing.at, [{"text": self._waiting(heard)}])
        await self._shows(heard, await asyncio.shield(heard.work))

    async def _shows(self, heard: Heard, outcome: Outcome) -> None:
        doing, here = heard.task.doing, heard.here
        is_looking = (here.tenant, doing.who.id) in self._looking  # Slack asks when it is opened
        if (outcome.has_changed and is_looking) or doing.reach.way == "home":
            self._running.start(self._home(here, doing.who))
        if outcome.is_repeat:
            return
        if outcome.view is not None:
            if not await self._replies.open(here.tenant, doing, outcome.view):
                kept = await self._running.in_pool(self._outcomes.kept, outcome)
                await self._replies.tell(doing, outcome.at, [kept])
            return
        shown = _as_modal(outcome)
        if shown is not None and await self._in_modal(here, doing, shown):
            return
        await self._replies.tell(doing, outcome.at, outcome.messages)

    async def _in_modal(self, here: Here, doing: Doing, shown: Payload) -> bool:
        """Whoever looks at a page of ours is answered there."""
        if doing.reach.way == "modal":
            return await self._replies.update(here.tenant, doing, shown)
        return doing.reach.way == "home" and await self._replies.open(here.tenant, doing, shown)

    async def _follows_form(self, heard: Heard) -> None:
        """The outcome of a form that was acknowledged before it was there."""
        outcome = await asyncio.shield(heard.work)
        here, doing = heard.here, heard.task.doing
        submitted = heard.task.submitted or {}
        if outcome.refusal:
            self._forget(heard)
            view = modals.refused(submitted, outcome.refusal.text)
            if not await self._replies.update(here.tenant, doing, view):
                await self._replies.tell(doing, outcome.at, [{"text": outcome.refusal.text}])
            return
        shown = _as_modal(outcome) if outcome.is_typed and not outcome.form else None
        done = shown or modals.saying("Throughline", [parts.section("Saved.")])
        await self._replies.update(here.tenant, doing, done)
        rest = replace(outcome, messages=outcome.messages[1:]) if shown else outcome
        await self._shows(heard, rest)

    async def _asks(self, doing: Doing, here: Here) -> None:
        by = Account(PLATFORM, here.tenant, doing.who.id)
        view = await self._running.in_pool(self._outcomes.asking, _nowhere(by))
        await self._replies.open(here.tenant, doing, view)

    # The home page

    async def _home(self, here: Here, who: Who) -> None:
        """Show it as it is now. While that is done, any number of changes are one more."""
        key = here.tenant, who.id
        if key in self._homes:
            self._homes[key] = True
            return
        self._homes[key] = True
        try:
            by = await self._people.account(here.tenant, who.id)
            while self._homes[key]:
                self._homes[key] = False
                at = await self._conversation(by)
                view = await self._running.in_pool(self._outcomes.home, at, by)
                await self._replies.publish(here.tenant, who.id, view)
        except Refusal:  # nobody can say who they are
            log.info("no home shown")
        finally:
            del self._homes[key]


def _nowhere(by: Account) -> Channel:
    return Channel(PLATFORM, by.tenant, by.id, by.name, "direct")


def _as_modal(outcome: Outcome) -> Payload | None:
    if outcome.page is None:
        return None
    return modals.saying("Throughline", outcome.page["blocks"])
