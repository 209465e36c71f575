"""What each person was shown last in a conversation, which events are one command's,
and what is said within another message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "shown",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("under", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_shown_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_shown_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_shown_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown")),
    )
    op.create_index(
        op.f("ix_shown_organisation_id_channel_id"), "shown", ["organisation_id", "channel_id"]
    )
    op.create_index(op.f("ix_shown_organisation_id_at"), "shown", ["organisation_id", "at"])
    for column in ("act", "undoes"):
        op.add_column("events", sa.Column(column, sa.String(), nullable=True))
    op.create_index(
        op.f("ix_events_organisation_id_by_id_at"), "events", ["organisation_id", "by_id", "at"]
    )
    op.add_column("outbox", sa.Column("within", sa.String(), nullable=True))
    op.create_index(op.f("ix_inbox_organisation_id_at"), "inbox", ["organisation_id", "at"])
