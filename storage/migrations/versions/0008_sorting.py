"""Sorting: what people answered when they were asked which priority a project serves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sortings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('serves', 'none', 'unknown')", name=op.f("ck_sortings_answer")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "initiative_id"],
            ["initiatives.organisation_id", "initiatives.id"],
            name=op.f("fk_sortings_organisation_id_initiative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_sortings_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_sortings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sortings")),
    )
    for column in ("initiative_id", "person_id"):
        op.create_index(
            op.f(f"ix_sortings_organisation_id_{column}"),
            "sortings",
            ["organisation_id", column],
            unique=False,
        )
