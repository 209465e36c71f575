"""Who would read something, and where."""

from dataclasses import dataclass

from storage.channels import Place
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Reader:
    """One person, answered alone at a place; or, without a person, everybody who reads there.

    Without either it is nobody, who reads what is open to the company. `account` is the one they
    speak from, as platform, tenant and id: it may be new, and then no other row names it.
    """

    at: Place | None = None
    person: Person | None = None
    account: tuple[str, str, str] = ("", "", "")

    @property
    def is_present(self) -> bool:
        """Somebody who has left keeps nothing by having been part of it."""
        return self.person is not None and self.person.gone_at is None

    @property
    def is_colleague(self) -> bool:
        """Whether what is open to the company is open to them; a guest is none of it."""
        return self.person is None or (self.is_present and self.person.role != "guest")
