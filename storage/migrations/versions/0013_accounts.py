"""Accounts: what a chat tells of them: their time, their standing, and that they were closed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for name in ("zone", "standing"):
        op.add_column(
            "accounts", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''"))
        )
    for name in ("as_of", "told_at", "closed_at"):
        op.add_column("accounts", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
