"""Logs decisions in one line, each with a named owner or openly a wish, and keeps them standing."""

from bot.router import Route
from handlers.decide import answering, from_message, listing, logging
from handlers.decide.showing import compose as compose
from handlers.decide.showing import may_see as may_see
from handlers.decide.showing import may_see_here as may_see_here
from storage.database import Session

ROUTES: tuple[Route[Session], ...] = (
    Route("decide", "changes", logging.decide, also=r"(?:we (?:have )?)?decided(?: to| that|:| )"),
    Route("needs", "changes", logging.need),
    Route("accept", "changes", answering.accept),
    Route("not me", "changes", answering.refuse),
    Route("reverse", "changes", answering.reverse),
    Route("blocks", "changes", answering.block, is_typed=False, also=r"d-?\d+ blocks\b"),
    Route("share", "changes", answering.share),
    Route("because", "changes", answering.because),
    Route("aim", "changes", answering.aim, is_typed=False, also=r"d-?\d+ for\b"),
    Route("ask of", "changes", answering.ask_of, is_typed=False),
    Route("whose", "changes", answering.whose, is_typed=False),
    Route("decided so", "changes", answering.decided_so, is_typed=False),
    Route("add why", "reads", answering.ask_why, is_typed=False),
    Route("which priority", "reads", answering.ask_aim, is_typed=False),
    Route("whom to ask", "reads", answering.whom_to_ask, is_typed=False),
    Route("name an owner", "reads", answering.ask_whose, is_typed=False),
    Route("offer to log", "reads", from_message.offer, is_typed=False),
    Route("log this", "reads", from_message.ask, is_typed=False),
    Route("log it", "changes", from_message.log, is_typed=False),
    Route("decide it", "reads", answering.decide_it, is_typed=False),
    Route("decisions", "reads", listing.show),
)
