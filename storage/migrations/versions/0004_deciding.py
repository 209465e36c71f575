"""Decisions: written once, and only followed by events."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_counters_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint(
            "organisation_id", "noun", name=op.f("uq_counters_organisation_id_noun")
        ),
    )
    op.create_table(
        "decisions",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("is_needed", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_decisions_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_decisions_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_decisions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_decisions_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "number", name=op.f("uq_decisions_organisation_id_number")
        ),
    )
    op.create_table(
        "decision_events",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "what IN ('owner', 'accepted', 'refused', 'decided', 'done', 'reversed', 'superseded', 'replaces', 'because', 'due', 'review', 'for', 'not for anything', 'asked', 'told', 'risk', 'blocks', 'expects', 'shared', 'withdrawn', 'undone')",
            name=op.f("ck_decision_events_what"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_decision_events_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "decision_id"],
            ["decisions.organisation_id", "decisions.id"],
            name=op.f("fk_decision_events_organisation_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_decision_events_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_events")),
    )
    op.create_index(
        op.f("ix_decision_events_organisation_id_decision_id"),
        "decision_events",
        ["organisation_id", "decision_id"],
        unique=False,
    )
    op.create_table(
        "decision_states",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('needed', 'wish', 'asked', 'accepted', 'done', 'reversed', 'superseded', 'withdrawn')",
            name=op.f("ck_decision_states_status"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "decision_id"],
            ["decisions.organisation_id", "decisions.id"],
            name=op.f("fk_decision_states_organisation_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_decision_states_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "priority_id"],
            ["priorities.organisation_id", "priorities.id"],
            name=op.f("fk_decision_states_organisation_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_decision_states_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_states")),
        sa.UniqueConstraint(
            "organisation_id",
            "decision_id",
            name=op.f("uq_decision_states_organisation_id_decision_id"),
        ),
    )
    op.create_index(
        op.f("ix_decision_states_organisation_id_owner_id"),
        "decision_states",
        ["organisation_id", "owner_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_decision_states_organisation_id_status"),
        "decision_states",
        ["organisation_id", "status"],
        unique=False,
    )
