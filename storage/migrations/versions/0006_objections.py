"""What waits for somebody's word, what is objected to, and what becomes of questions."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer IN ('', 'yes', 'no', 'gone')", name=op.f("ck_confirmations_answer")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asked_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_confirmations_organisation_id_asked_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_confirmations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    for column in ("asked_id", "link"):
        op.create_index(
            op.f(f"ix_confirmations_organisation_id_{column}"),
            "confirmations",
            ["organisation_id", column],
            unique=False,
        )
    op.create_table(
        "objections",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("under", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("card", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('', 'right', 'removed', 'elsewhere', 'mended', 'withdrawn')",
            name=op.f("ck_objections_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_objections_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "settled_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_objections_organisation_id_settled_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_objections_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_objections_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    op.create_index(
        op.f("ix_objections_organisation_id_about"),
        "objections",
        ["organisation_id", "about"],
        unique=False,
    )
    with op.batch_alter_table("questions") as questions:  # nothing points at it
        for name in ("under", "answer", "noun", "why"):
            questions.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in ("card", "told_by_id", "thing_id"):
            questions.add_column(sa.Column(name, sa.Integer(), nullable=True))
        questions.add_column(sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True))
        questions.create_foreign_key(
            op.f("fk_questions_organisation_id_told_by_id"),
            "people",
            ["organisation_id", "told_by_id"],
            ["organisation_id", "id"],
        )
    op.create_index(
        op.f("ix_questions_organisation_id_answered_at"),
        "questions",
        ["organisation_id", "answered_at"],
        unique=False,
    )
