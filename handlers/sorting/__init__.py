"""Sorts what serves no priority: one project after another, a tap each, by whoever knows."""

from bot.router import Route
from handlers.sorting import answering, sending
from handlers.sorting.sending import compose as compose
from handlers.sorting.showing import offer as offer
from storage.database import Session

ROUTES: tuple[Route[Session], ...] = (
    Route("sort", "reads", answering.begin),
    Route("sort it", "changes", answering.answer, is_typed=False),
    Route("sort back", "changes", answering.back, is_typed=False),
    Route("sort each", "changes", sending.send, is_typed=False),
)
