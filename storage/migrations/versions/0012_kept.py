"""What is too long for a chat to carry."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "kept",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_kept_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "place", "token", name=op.f("pk_kept")),
    )
    op.create_index(op.f("ix_kept_organisation_id_at"), "kept", ["organisation_id", "at"])
