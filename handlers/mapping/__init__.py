"""Keeps the map in chat: adds, links, ranks, renames, retires, and says where things stand."""

from bot.router import Route
from handlers.mapping import adding, changing, confirming, linking, looking, numbers, yielding
from storage.database import Session

ROUTES: tuple[Route[Session], ...] = (
    Route("map", "reads", looking.show),
    Route("priority", "changes", adding.priority),
    Route("project", "changes", adding.project),
    Route("tool", "changes", adding.tool),
    Route("capability", "changes", adding.capability),
    Route("number", "changes", numbers.say),
    Route("link", "changes", linking.link),
    Route("unlink", "changes", linking.unlink),
    Route("confirm", "reads", confirming.show, stands_alone=True),
    Route("confirm yes", "changes", confirming.yes, is_typed=False),
    Route("confirm no", "changes", confirming.no, is_typed=False),
    Route("rank", "changes", changing.rank),
    Route("retire", "changes", changing.retire),
    Route("rename", "changes", changing.rename),
    Route("move", "changes", changing.move),
    Route("give way", "changes", yielding.give, is_typed=False),
    Route("it stands", "changes", changing.stand, is_typed=False, also=changing.STANDS),
)
