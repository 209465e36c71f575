"""What people do in the fake Slack, each giving what it showed them."""

from collections.abc import Mapping
from typing import Any

from tests.slack import scopes, ways
from tests.slack.delivering import Ack
from tests.slack.filling import Filled, chosen, filled, values_of
from tests.slack.happening import Happening
from tests.slack.screen import Control, Shown, controls, shown_of, text
from tests.slack.world import Channel, Message, User, View

JSON = dict[str, Any]


class Acting(Happening):
    """People type, say, press, fill in and look; see the top of `tests/slack/server.py`."""

    async def types(
        self, who: User, where: Channel, text: str, *, command: str = "/align", waits: bool = True
    ) -> Shown:
        """A slash command."""
        if command not in {
            one["command"] for one in scopes.manifest()["features"]["slash_commands"]
        }:
            self.faults.append(f"{command} is not in the manifest")
        written = ways.escaped(text, who.of, with_names=True)
        trigger, url = self.web.trigger(who, where), self._url(who, where)
        payload = ways.slash(command, written, who, where, trigger, url)
        return await self._act(who, "slash", payload, where, waits=waits)

    async def says(
        self, who: User, where: Channel, text: str, *, under: str = "", waits: bool = True,
        twin: bool = False,
    ) -> Shown:  # fmt: skip
        """A message: we hear it if it mentions us, or in a DM; `twin` sends its other event too."""
        message = self.posts(where, who, text, under)
        kinds = {"public": "message.channels", "private": "message.groups",
                 "direct": "message.im", "group": "message.mpim"}  # fmt: skip
        sent = []
        is_member = where.of.bot in where.members
        if where.of.bot.id in message.said["text"] and is_member and where.kind != "direct":
            sent.append(("app_mention", ways.said(message, who, "app_mention")))
        if is_member and (twin or kinds[where.kind] in scopes.subscribed()):
            sent.append((kinds[where.kind], ways.said(message, who, "message")))
        return await self._tell(who, where.of, sent, is_shared=bool(where.shared_with), waits=waits)

    async def clicks(
        self, who: User, label: str, on: Shown | Message | View | None = None, *,
        waits: bool = True,
    ) -> Shown:  # fmt: skip
        """A button, on what they were shown last."""
        return await self._press(who, label, on, "", waits)

    async def chooses(
        self, who: User, label: str, option: str, on: Shown | Message | View | None = None, *,
        waits: bool = True,
    ) -> Shown:  # fmt: skip
        """An option of a menu, by its words."""
        return await self._press(who, label, on, option, waits)

    async def _press(
        self, who: User, label: str, on: Shown | Message | View | None, option: str, waits: bool
    ) -> Shown:
        thing, control = self._find(who, label, on)
        channel = thing.channel if thing.channel else self.direct(who)
        url = self._url(who, channel, thing) if isinstance(thing, Message) else ""
        action = ways.action(control, chosen(control.element, option), self.world.ts())
        values = values_of(shown_of(thing))
        trigger = self.web.trigger(who, channel)
        payload = ways.pressed(who, thing, action, values, trigger, url)
        return await self._act(who, "interaction", payload, channel, waits=waits)

    def _find(
        self, who: User, label: str, on: Shown | Message | View | None
    ) -> tuple[Message | View, Control]:
        """The control with these words, on what is given or on what they can see, newest first."""
        given = on.things if isinstance(on, Shown) else [on] if on else self._before(who)
        for thing in reversed(given):
            assert not (isinstance(thing, Message) and thing.is_deleted), "it was deleted"
            for control in controls(shown_of(thing)):
                if control.label == label:
                    return thing, control
        labels = [one.label for each in given[-3:] for one in controls(shown_of(each))]
        raise AssertionError(f"{who.name} sees no {label!r}, but {labels}")

    async def fills(
        self, who: User, values: Mapping[str, str], on: View | None = None, *, waits: bool = False
    ) -> Shown:
        """The form that is open, field by field, and then its button; what is not named stays."""
        view = on or self._open_form(who)
        given: Filled = filled(view.shown, values)
        if given.refused:  # by Slack's own client: nothing is sent
            return Shown(who, [view], given.refused, status=0)
        payload = ways.submitted(who, view, given.values, self.web.trigger(who, view.channel))
        return await self._act(who, "interaction", payload, view.channel, waits=waits, view=view)

    async def closes(self, who: User, on: View | None = None) -> Shown:
        """The form that is open, with nothing sent."""
        view = on or self._open_form(who)
        view.is_open = False
        if not view.shown.get("notify_on_close"):
            return Shown(who)
        return await self._act(
            who, "interaction", ways.closed(who, view), view.channel, waits=False
        )

    def _open_form(self, who: User) -> View:
        found = [one for one in self.world.views.values() if one.user is who and one.is_open]
        assert found, f"{who.name} has no form open"
        return found[-1]

    async def uses(
        self, who: User, name: str, on: Message | None = None, *, waits: bool = True
    ) -> Shown:
        """A shortcut by its name: of a message's menu, or from anywhere."""
        kind = "message" if on else "global"
        offered = scopes.manifest()["features"]["shortcuts"]
        found = [one for one in offered if (one["name"], one["type"]) == (name, kind)]
        assert found, f"the manifest has no {kind} shortcut {name!r}"
        channel = on.channel if on else None
        trigger = self.web.trigger(who, channel)
        url = self._url(who, channel) if channel else ""
        at, callback = self.world.ts(), found[0]["callback_id"]
        payload = ways.shortcut(who, callback, trigger, at, on, url)
        return await self._act(who, "interaction", payload, channel, waits=waits)

    async def opens_home(self, who: User, *, tab: str = "home", waits: bool = True) -> Shown:
        """Our home page."""
        inner: JSON = {"type": "app_home_opened", "user": who.id, "tab": tab,
                       "channel": self.direct(who).id, "event_ts": self.world.ts()}  # fmt: skip
        if home := self.world.homes.get(who.id):
            inner["view"] = home.as_json()
        return await self._tell(who, who.of, [("app_home_opened", inner)], waits=waits)

    async def reacts(self, who: User, name: str, to: Message, *, waits: bool = True) -> Shown:
        """An emoji under a message."""
        to.reactions.setdefault(name, []).append(who.id)
        inner = {"type": "reaction_added", "user": who.id, "reaction": name, "item_user": to.by,
                 "item": {"type": "message", "channel": to.channel.id, "ts": to.ts},
                 "event_ts": self.world.ts()}  # fmt: skip
        sent = [("reaction_added", inner)] if to.channel.of.bot in to.channel.members else []
        shared = bool(to.channel.shared_with)
        return await self._tell(who, to.channel.of, sent, is_shared=shared, waits=waits)

    async def sees(self, who: User, words: str, at: Channel | None = None) -> Shown:
        """Wait until somebody can read these words; fail, and say what they see, if they cannot."""

        def found() -> list[Message | View]:
            return [
                one for one in self._before(who)
                if words in text(shown_of(one)) and (at is None or one.channel is at)
                and not (isinstance(one, Message) and one.is_deleted)
                and not (isinstance(one, View) and not one.is_open)
            ]  # fmt: skip

        if not await self._until(lambda: bool(found())):
            said = "\n---\n".join(text(shown_of(one)) for one in self._before(who)[-5:])
            raise AssertionError(f"{who.name} does not see {words!r}, but:\n{said}")
        shown = Shown(who, [found()[-1]])
        self._last[who.id] = shown
        return shown

    def reads(self, who: User, where: Channel) -> str:
        """What stands in a channel for somebody now, oldest first."""
        standing = [
            one for one in dict.fromkeys([*where.messages, *self.web.log])
            if isinstance(one, Message) and one.channel is where and self._is_seen(who, one)
            and not one.is_deleted
        ]  # fmt: skip
        return "\n".join(text(one.said) for one in standing)

    def last(self, who: User) -> Shown:
        """What somebody was shown last."""
        return self._last[who.id]

    def posts(self, where: Channel, who: User, text: str, under: str = "") -> Message:
        """A message that stands there and that we were not told of."""
        written = ways.escaped(text, where.of, with_names=False)
        message = Message(self.world.ts(), where, who.id, {"text": written}, under)
        where.messages.append(message)
        return message

    def direct(self, who: User) -> Channel:
        """Somebody's conversation with our bot."""
        return who.of.direct(who)

    async def again(self, times: int = 1) -> list[Ack]:
        """The last delivery once more, as Slack tries again: the same ids, the same bytes."""
        sent = self.delivered[-1]
        return [await self._send(sent, is_retry=True) for _ in range(times)]
