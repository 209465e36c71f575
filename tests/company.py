"""A small made-up company: enough to stand for every answer, small enough to keep in mind.

One login       -> Give access on day one -> Faster onboarding -> Days to onboard
Asana (a tool)  ------------------------->   (from the list "projects.xlsx", nobody's word)
CRM replacement ------------------------->   Grow revenue      -> New customers
CRM training    -> Know every customer   ->  (not confirmed)
Audit trail     -> Prove who did what    ->  no priority
Data lake, Old portal: linked to nothing.    Pass the audit: nothing supports it.
"""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from storage import events, organisations
from storage.capabilities import Capability
from storage.database import Session
from storage.events import Event
from storage.initiatives import Initiative
from storage.links import Link
from storage.metrics import Metric, Reading
from storage.people import Person
from storage.priorities import Priority
from storage.tables import Ours
from storage.things import noun_of

NAME = "Acme Lifts"
ZONE = "Europe/Berlin"
DOMAIN = "acme.example"
SIDES = {"dana": "business", "omar": "business", "sam": "business", "lee": "it", "ana": "it"}
ROLES = {"lee": "facilitator", "omar": "admin"}

R = TypeVar("R", bound=Ours)


class Company:
    """Writes the company into a session, its dates counted from `session.now`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._now = session.now

    def build(self) -> None:
        """All of it."""
        self._people()
        self._priorities()
        self._capabilities()
        self._projects()
        self._numbers()
        self._links()
        organisations.touch_map(self._session, self._session.organisation)

    def _people(self) -> None:
        self.dana = self._person("dana", "Dana Brandt", "Head of Sales")
        self.omar = self._person("omar", "Omar Haddad", "Head of Finance")
        self.lee = self._person("lee", "Lee Novak", "Head of IT Projects")
        self.ana = self._person("ana", "Ana Sousa", "Networks")
        self.sam = self._person("sam", "Sam Ode", "Warehouse")
        self._person("sam.petrov", "Sam Petrov", "Warehouse")

    def _priorities(self) -> None:
        self.onboarding = self._thing(
            Priority(
                name="Faster onboarding", owner_id=self.dana.id, category="efficiency", rank=1,
                because="New people wait two weeks for their tools.", created_at=self._ago(90),
            )
        )  # fmt: skip
        self.revenue = self._thing(
            Priority(
                name="Grow revenue", owner_id=self.omar.id, category="growth", rank=2,
                created_at=self._ago(90),
            )
        )  # fmt: skip
        self.audit = self._thing(Priority(name="Pass the audit", created_at=self._ago(90)))

    def _capabilities(self) -> None:
        self.access = self._thing(
            Capability(
                name="Give access on day one", owner_id=self.dana.id, state="missing",
                plain="A new colleague can work on the first morning.", created_at=self._ago(80),
            )
        )  # fmt: skip
        self.customer = self._thing(
            Capability(name="Know every customer", state="workaround", created_at=self._ago(80))
        )
        self.proof = self._thing(Capability(name="Prove who did what", created_at=self._ago(80)))

    def _projects(self) -> None:
        self.login = self._project(
            "One login", self.lee, status="late", ends_on=self._day(-24), cost=340_000_00,
            currency="EUR", plain="Everybody signs in once, with one name.",
        )  # fmt: skip
        self.asana = self._project(
            "Asana", self.ana, kind="tool", vendor="Asana Inc", renews_on=self._day(53),
            cost=84_000_00, currency="EUR",
        )  # fmt: skip
        self.crm = self._project(
            "CRM replacement", self.dana, status="running", ends_on=self._day(98),
            cost=500_000_00, currency="EUR",
        )  # fmt: skip
        self.training = self._project("CRM training", None, aliases=["Sales school"])
        self.trail = self._project("Audit trail", self.lee)
        self.lake = self._project("Data lake", self.lee, days_ago=3)
        self._project("Old portal", None, status="done", ends_on=self._day(-60))

    def _numbers(self) -> None:
        self.days = self._thing(
            Metric(
                name="Days to onboard", owner_id=self.dana.id, unit="days", direction="down",
                baseline=12, target=8, created_at=self._ago(90),
            )
        )  # fmt: skip
        self.customers = self._thing(
            Metric(name="New customers", owner_id=self.omar.id, direction="up", target=40,
                   created_at=self._ago(90))
        )  # fmt: skip
        for ago, value in ((60, 12.0), (10, 11.0)):
            self._keep(
                Reading(metric_id=self.days.id, day=self._day(-ago), value=value,
                        said_by_id=self.dana.id, said_at=self._ago(ago))
            )  # fmt: skip

    def _links(self) -> None:
        self._link(initiative_id=self.login.id, capability_id=self.access.id, by=self.dana,
                   confirmed_by=self.lee)  # fmt: skip
        self._link(capability_id=self.access.id, priority_id=self.onboarding.id, by=self.dana)
        self._link(metric_id=self.days.id, priority_id=self.onboarding.id, by=self.dana)
        self._link(initiative_id=self.asana.id, priority_id=self.onboarding.id,
                   source="projects.xlsx")  # fmt: skip
        self._link(initiative_id=self.crm.id, priority_id=self.revenue.id, by=self.omar)
        self._link(initiative_id=self.training.id, capability_id=self.customer.id, by=self.dana)
        self._link(capability_id=self.customer.id, priority_id=self.revenue.id, by=self.omar)
        self._link(metric_id=self.customers.id, priority_id=self.revenue.id, by=self.omar)
        self._link(initiative_id=self.trail.id, capability_id=self.proof.id, by=self.lee)

    def _person(self, local: str, name: str, title: str) -> Person:
        email = f"{local}@{DOMAIN}"
        return self._keep(
            Person(name=name, email=email, side=SIDES.get(local), title=title,
                   role=ROLES.get(local, "member"),
                   created_at=self._ago(90))
        )  # fmt: skip

    def _project(
        self, name: str, owner: Person | None, *, days_ago: int = 40, **told: Any
    ) -> Initiative:
        by = owner.id if owner else None
        made = Initiative(name=name, owner_id=by, created_at=self._ago(days_ago), **told)
        return self._thing(made, by)

    def _thing(self, row: R, by: int | None = None) -> R:
        kept: Any = self._keep(row)
        said = Event(organisation_id=self._session.organisation.id, at=kept.created_at, by_id=by,
                     noun=noun_of(kept), thing_id=kept.id, name=kept.name,
                     what="added")  # fmt: skip
        events.record(self._session, [said])
        return row

    def _link(
        self,
        *,
        by: Person | None = None,
        confirmed_by: Person | None = None,
        source: str = "",
        **ends: int,
    ) -> None:
        self._keep(
            Link(
                **ends,
                said_by_id=by.id if by else None,
                said_at=self._ago(20),
                confirmed_by_id=confirmed_by.id if confirmed_by else None,
                confirmed_at=self._ago(13) if confirmed_by else None,
                source=source,
            )
        )

    def _keep(self, row: R) -> R:
        self._session.add(row)
        self._session.flush()
        return row

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days)

    def _day(self, days: int) -> date:
        return (self._now + timedelta(days=days)).date()
