"""How chats come to a company: who founds one, who joins one, and who its first admin is."""

from bot.router import Route
from handlers.connecting import claiming, joining, siding, telling
from handlers.connecting.claiming import first_codes as first_codes
from handlers.connecting.founding import Founding as Founding
from handlers.connecting.joining import Joining as Joining
from storage.database import Session

ROUTES: tuple[Route[Session], ...] = (
    Route("join link", "changes", joining.link),
    Route("claim", "changes", claiming.claim),
    Route("workspace side", "changes", siding.say, is_typed=False),
)
compose = telling.compose
