"""Backups: when the newest one was taken."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "organisations", sa.Column("backed_up_at", sa.DateTime(timezone=True), nullable=True)
    )
