"""The tenants that let us in, as an adapter uses them: every call is a transaction, committed.

Tokens are opened here and nowhere else, for whoever calls the chat next.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from storage import connecting, inbox, installations, organisations
from storage.database import Session
from storage.installations import Installation
from storage.sealing import Sealing
from storage.store import Store

T = TypeVar("T")
STATE_LIVES = timedelta(minutes=10)
RENEWING = timedelta(seconds=45)  # for a process to fetch the next token in
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0


@dataclass(frozen=True, slots=True)
class Connection:
    """One tenant as it stands; its tokens are not shown where it is printed."""

    id: int
    platform: str
    tenant: str
    name: str
    enterprise_id: str
    is_org_wide: bool
    bot_id: str
    app_id: str
    scopes: str
    side: str
    installed_at: datetime
    is_gone: bool
    version: int
    expires_at: datetime | None
    token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)


class Connections:
    """`sealing` is missing where no chat needs one; `pause` waits, and says to try no more."""

    def __init__(
        self, store: Store, sealing: Sealing | None, pause: Callable[[float], bool]
    ) -> None:
        self._store, self._database = store, store.database
        self._sealing, self._pause = sealing, pause

    # Who asks to be let in: a state goes to the chat's page with them, and comes back once

    def begin(self, browser: str, join: str) -> str:
        """A state for this browser. `join` is the link it came by, if it came by one."""
        told = {
            "once": secrets.token_urlsafe(16),
            "browser": _digest(browser),
            "until": (self._store.now() + STATE_LIVES).timestamp(),
            "join": join,
        }
        return self._seal().seal(json.dumps(told))

    def come_back(self, state: str, browser: str) -> str | None:
        """The link that it came by, once, to the same browser, in time; else nothing."""
        try:
            told = json.loads(self._seal().unseal(state))
        except ValueError:  # also of another key
            return None
        now = self._store.now()
        is_theirs = secrets.compare_digest(told["browser"], _digest(browser))
        if not is_theirs or now.timestamp() >= told["until"]:
            return None
        with self._store.writing_home() as session:
            is_first = inbox.hear(session, f"state/{told['once']}", now)
        return str(told["join"]) if is_first else None

    # Tokens

    def one(self, platform: str, tenant: str) -> Connection | None:
        """This tenant with its token, as it stands now. Raises `WrongKey`."""
        whose = self._whose(platform, tenant)
        if whose is None:
            return None
        with self._database.reading(whose) as session:
            found = installations.one(session, platform, tenant)
        return self._opened(found) if found else None

    def every(self, platform: str) -> list[Connection]:
        """All tenants of this chat, without their tokens."""
        found: list[Connection] = []
        for organisation_id in self._organisations():
            with self._database.reading(organisation_id) as session:
                every = [one for one in installations.every(session) if one.platform == platform]
            found += [_shown(one) for one in every]
        return found

    def renew(self, platform: str, tenant: str, ends: datetime) -> Connection | None:
        """Whose turn it is to fetch the next token, if this one ends until then, gets the means;
        everybody else nothing."""
        whose = self._whose(platform, tenant)
        if whose is None:
            return None
        now = self._store.now()
        with self._database.beside(whose) as session:
            found = connecting.renew(session, platform, tenant, ends, now, RENEWING)
        return self._opened(found) if found else None

    def renewed(
        self, before: Connection, token: str, refresh_token: str, expires_at: datetime
    ) -> bool:
        """Keep the next ones, however long the database is away: the old are no good any more."""
        sealed = self._seal().seal(token), self._seal().seal(refresh_token)
        whose = self._whose(before.platform, before.tenant)
        if whose is None:
            return False

        def write(session: Session) -> bool:
            return connecting.renewed(session, before.id, before.version, *sealed, expires_at)

        return self._surely(whose, write)

    def gone(self, platform: str, tenant: str, why: str) -> int:
        """It lets us in no more. Gives how many messages will not be said there."""
        whose = self._whose(platform, tenant)
        if whose is None:
            return 0
        with self._store.writing_at(whose) as session:
            return connecting.gone(session, platform, tenant, why, session.now)

    def reseal(self) -> int:
        """Put what an older key encrypted under the newest. Raises `WrongKey`, and changes nothing
        that it could not open."""
        count = 0
        for organisation_id in self._organisations():
            with self._database.writing(organisation_id) as session:
                for one in installations.every(session):
                    count += self._reseal(one)
        return count

    def _reseal(self, one: Installation) -> bool:
        if not one.token:
            return False
        before = one.token
        one.token = self._seal().renewed(one.token)
        one.refresh_token = self._seal().renewed(one.refresh_token) if one.refresh_token else ""
        return one.token != before

    def _opened(self, found: Installation) -> Connection:
        token = self._seal().unseal(found.token) if found.token else ""
        refresh = self._seal().unseal(found.refresh_token) if found.refresh_token else ""
        return _shown(found, token, refresh)

    def _seal(self) -> Sealing:
        return self._sealing or Sealing("")

    def _whose(self, platform: str, tenant: str) -> int | None:
        with self._database.reading() as session:
            return installations.whose(session, platform, tenant)

    def _organisations(self) -> list[int]:
        with self._database.reading() as session:
            return organisations.ids(session)

    def _surely(self, whose: int, write: Callable[[Session], T]) -> T:
        pause = FIRST_PAUSE
        while True:
            try:
                with self._database.beside(whose) as session:
                    return write(session)
            except (OperationalError, InterfaceError, TimeoutError):
                if self._pause(pause):
                    raise
                pause = min(2 * pause, LONGEST_PAUSE)


def _digest(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()


def _shown(one: Installation, token: str = "", refresh_token: str = "") -> Connection:
    return Connection(
        id=one.id,
        platform=one.platform,
        tenant=one.tenant,
        name=one.name,
        enterprise_id=one.enterprise_id,
        is_org_wide=one.is_org_wide,
        bot_id=one.bot_id,
        app_id=one.app_id,
        scopes=one.scopes,
        side=one.side or "",
        installed_at=one.installed_at,
        is_gone=one.gone_at is not None,
        version=one.version,
        expires_at=one.expires_at,
        token=token,
        refresh_token=refresh_token,
    )
