"""What people can ask for. This is the table of contents: every command, and who answers it."""

from bot.router import Route, Router
from handlers import ask, help, home
from storage.database import Session


def router() -> Router[Session]:
    """All commands, and the keepers of what they want noted."""
    return Router(
        routes=(
            Route("ask", "reads", ask.answer),
            Route("home", "reads", home.show),
            Route("help", "reads", help.show),
        ),
        keepers=(("question", ask.keep),),
    )
