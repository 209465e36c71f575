"""Digests: when one is due in a room, what became of each, and what people think of it."""

from bot.router import Route
from handlers.digest import days_off, holding_back, owning, reading, setting, wording
from storage.database import Session

ROUTES: tuple[Route[Session], ...] = (
    Route("digest", "reads", reading.show, stands_alone=True),
    Route("digest preview", "reads", reading.preview),
    Route("digest log", "reads", reading.log),
    Route("digest more", "reads", reading.more, is_typed=False),
    Route("digest plan", "reads", setting.ask, is_typed=False),
    Route("digest set", "changes", setting.fill, is_typed=False),
    Route("digest every", "changes", setting.say, also=setting.SAID),
    Route("digest now", "changes", reading.now),
    Route("digest skip", "changes", holding_back.skip),
    Route("digest skip back", "changes", holding_back.unskip, is_typed=False),
    Route("digest pause", "changes", holding_back.pause),
    Route("digest resume", "changes", holding_back.resume),
    Route("digest end", "changes", holding_back.end),
    Route("digest lens", "changes", owning.lens),
    Route("digest quiet", "changes", owning.quiet),
    Route("digest owner", "changes", owning.own),
    Route("digest useful", "changes", owning.useful, is_typed=False),
    Route("digest not for me", "changes", owning.not_for_me, is_typed=False),
    Route("digest words", "changes", wording.say),
    Route("digest wording", "reads", wording.ask, is_typed=False),
    Route("say a number", "reads", wording.ask_number, is_typed=False),
    Route("number is", "changes", wording.tell_number, is_typed=False),
    Route("country", "changes", days_off.country),
    Route("holiday", "changes", days_off.add),
    Route("holiday back", "changes", days_off.take_back, is_typed=False),
)
