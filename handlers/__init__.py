"""What people can ask for. This is the table of contents: every command, and who answers it."""

from dataclasses import replace

from bot.router import Route, Router
from handlers import ask, away, gone, help, home, me, people, role, side, stop
from storage.database import Session


def routes() -> tuple[Route[Session], ...]:
    """All commands."""
    return (
        Route("ask", "reads", ask.answer),
        Route("home", "reads", home.show),
        Route("help", "reads", help.show),
        Route("people", "reads", people.show),
        Route("side", "changes", side.say),
        Route("role", "changes", role.change),
        Route("this is me", "changes", me.join),
        Route("gone", "changes", gone.leave),
        Route("away", "changes", away.leave),
        Route("back", "changes", away.come_back),
        Route("stop", "changes", stop.stop, stands_alone=True),
        Route("why me", "reads", stop.why_me, stands_alone=True),
    )


def router() -> Router[Session]:
    """All commands, and the keepers of what they want noted."""
    return Router(
        routes=(replace(one, handler=side.asking(one.handler)) for one in routes()),
        keepers=(("question", ask.keep), ("side asked", side.keep_asked)),
    )
