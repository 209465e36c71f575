"""People: away and gone, how often they want to be written to, and two who are one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("people", sa.Column("away_until", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("zone", sa.String(), nullable=True))
    op.add_column("people", sa.Column("side_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "people",
        sa.Column("is_operator", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # in words: a table that others point at cannot be rebuilt on SQLite, so that its check has to
    # come with the column
    op.execute(
        "ALTER TABLE people ADD COLUMN wants VARCHAR DEFAULT 'usual' NOT NULL "
        "CONSTRAINT ck_people_wants CHECK (wants IN ('usual', 'mondays', 'owned', 'never'))"
    )
    op.execute(
        "UPDATE people SET is_operator = true WHERE id IN (SELECT person_id FROM accounts "
        "WHERE platform = 'terminal' AND tenant = '' AND external_id = 'operator')"
    )
    op.create_table(
        "aliases",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("was_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *_of_the_organisation("aliases", "was_id", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
    )
    op.create_index(
        "uq_aliases_was",
        "aliases",
        ["organisation_id", "was_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "codes",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_of_the_organisation("codes", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    op.create_index(op.f("ix_codes_organisation_id_digest"), "codes", ["organisation_id", "digest"])
    op.create_table(
        "tries",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_of_the_organisation("tries", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tries")),
    )
    op.create_index(op.f("ix_tries_organisation_id_at"), "tries", ["organisation_id", "at"])
    op.create_table(
        "nudges",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        *_of_the_organisation("nudges", "person_id"),
        sa.CheckConstraint(
            "why IN ('owner', 'asked', 'voter', 'keeper')", name=op.f("ck_nudges_why")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
        sa.UniqueConstraint(
            "organisation_id",
            "person_id",
            "message",
            "key",
            name=op.f("uq_nudges_organisation_id_person_id_message_key"),
        ),
    )
    op.create_index(
        op.f("ix_nudges_organisation_id_person_id_sent_at"),
        "nudges",
        ["organisation_id", "person_id", "sent_at"],
    )


def _of_the_organisation(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    people = ["people.organisation_id", "people.id"]
    return [
        *(
            sa.ForeignKeyConstraint(
                ["organisation_id", column],
                people,
                name=op.f(f"fk_{table}_organisation_id_{column}"),
            )
            for column in columns
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f(f"fk_{table}_organisation_id")
        ),
    ]
