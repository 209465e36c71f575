"""Digests: when they are due, what became of each date, what they said, and days off."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "showings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_showings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showings")),
    )
    op.create_index(
        op.f("ix_showings_organisation_id_message"),
        "showings",
        ["organisation_id", "message"],
        unique=False,
    )
    op.create_index(
        op.f("ix_showings_organisation_id_shows"),
        "showings",
        ["organisation_id", "shows"],
        unique=False,
    )
    op.create_table(
        "free_days",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_free_days_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_free_days_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_days")),
        sa.UniqueConstraint(
            "organisation_id", "day", name=op.f("uq_free_days_organisation_id_day")
        ),
    )
    op.create_table(
        "opinions",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_useful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_opinions_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_opinions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
    )
    op.create_index(
        op.f("ix_opinions_organisation_id_key"),
        "opinions",
        ["organisation_id", "key"],
        unique=False,
    )
    op.create_table(
        "own_templates",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_own_templates_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_own_templates_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_templates")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_own_templates_organisation_id")),
    )
    op.create_table(
        "editions",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_scheduled", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_editions_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_editions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_editions_organisation_id_key")),
    )
    op.create_index(
        op.f("ix_editions_organisation_id_channel_id"),
        "editions",
        ["organisation_id", "channel_id"],
        unique=False,
    )
    op.create_table(
        "schedules",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=True),
        sa.Column("week_of_month", sa.Integer(), nullable=True),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("is_silent", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "every IN ('week', 'month', 'working day')", name=op.f("ck_schedules_every")
        ),
        sa.CheckConstraint("weeks BETWEEN 1 AND 8", name=op.f("ck_schedules_weeks")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_schedules_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_schedules_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_schedules_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_schedules_organisation_id_id")),
    )
    op.create_index(
        op.f("ix_schedules_organisation_id_channel_id"),
        "schedules",
        ["organisation_id", "channel_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_schedules_organisation_id_next_at"),
        "schedules",
        ["organisation_id", "next_at"],
        unique=False,
    )
    op.create_table(
        "occurrences",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'planned') = (why = '')", name=op.f("ck_occurrences_reason")),
        sa.CheckConstraint("state IN ('planned', 'skipped')", name=op.f("ck_occurrences_state")),
        sa.CheckConstraint(
            "why IN ('', 'older', 'late', 'paused', 'asked', 'holiday', 'quiet', 'moved')",
            name=op.f("ck_occurrences_why"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_occurrences_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "schedule_id"],
            ["schedules.organisation_id", "schedules.id"],
            name=op.f("fk_occurrences_organisation_id_schedule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_occurrences_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint(
            "organisation_id",
            "schedule_id",
            "day",
            name=op.f("uq_occurrences_organisation_id_schedule_id_day"),
        ),
    )
    op.create_index(
        op.f("ix_occurrences_organisation_id_planned_at"),
        "occurrences",
        ["organisation_id", "planned_at"],
        unique=False,
    )
    op.add_column(
        "channels", sa.Column("lens", sa.String(), server_default=sa.text("''"), nullable=False)
    )
    op.add_column(
        "organisations",
        sa.Column("country", sa.String(), server_default=sa.text("''"), nullable=False),
    )
