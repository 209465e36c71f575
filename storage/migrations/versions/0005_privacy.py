"""Who may read what: direct conversations, who is in which channel, who has part in a decision."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "channels",
        sa.Column("is_direct", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "memberships",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_memberships_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "organisation_id",
            "channel_id",
            "tenant",
            "external_id",
            name=op.f("uq_memberships_organisation_id_channel_id_tenant_external_id"),
        ),
    )
    op.create_index(
        op.f("ix_memberships_organisation_id_external_id"),
        "memberships",
        ["organisation_id", "external_id"],
    )
    parties = op.create_table(
        "decision_parties",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "decision_id"],
            ["decisions.organisation_id", "decisions.id"],
            name=op.f("fk_decision_parties_organisation_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_decision_parties_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_decision_parties_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_parties")),
        sa.UniqueConstraint(
            "organisation_id",
            "decision_id",
            "person_id",
            name=op.f("uq_decision_parties_organisation_id_decision_id_person_id"),
        ),
    )
    op.create_index(
        op.f("ix_decision_parties_organisation_id_person_id"),
        "decision_parties",
        ["organisation_id", "person_id"],
    )
    known = [
        {"organisation_id": organisation, "decision_id": decision, "person_id": person}
        for organisation, decision, person in sorted(set(_parties()))
    ]
    if known:
        op.bulk_insert(parties, known)


def _parties() -> Iterator[tuple[int, int, int]]:
    """Who logged a decision, owns it, was asked, or said not me, as its events stand."""
    decisions = sa.table(
        "decisions", sa.column("organisation_id"), sa.column("id"), sa.column("by_id")
    )
    events = sa.table(
        "decision_events",
        *(sa.column(name) for name in ("organisation_id", "id", "decision_id", "by_id", "what")),
        sa.column("data", sa.JSON()),
    )
    connection = op.get_bind()
    yield from (tuple(row) for row in connection.execute(sa.select(decisions)))
    said = connection.execute(sa.select(events).order_by(events.c.id)).all()
    undone = {one.data["event"] for one in said if one.what == "undone"}
    owners: dict[tuple[int, int], Any] = {}
    for one in said:
        if one.id in undone:
            continue
        thing = (one.organisation_id, one.decision_id)
        match one.what:
            case "owner":
                owners[thing] = one.data["person"]
            case "accepted":
                owners[thing] = one.by_id
            case "refused":
                owners[thing] = None
                yield (*thing, one.by_id)
            case "asked":
                yield from ((*thing, person) for person in one.data["people"])
    yield from ((*thing, owner) for thing, owner in owners.items() if owner is not None)
