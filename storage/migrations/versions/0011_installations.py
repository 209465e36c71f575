"""Installations: which tenants are connected, and to whom; an account for each organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=False),
        sa.Column("is_org_wide", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("installed_by", sa.String(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("refresh_token", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("renewing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_gone", sa.String(), nullable=False),
        sa.CheckConstraint(
            "side IN ('business', 'it', 'both')", name=op.f("ck_installations_side")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_installations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_installations_organisation_id_id")
        ),
        sa.UniqueConstraint("platform", "tenant", name=op.f("uq_installations_platform_tenant")),
    )
    with op.batch_alter_table("accounts") as batch:  # nothing points there: it can be built anew
        batch.drop_constraint(op.f("uq_accounts_platform_tenant_external_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_accounts_organisation_id_platform_tenant_external_id"),
            ["organisation_id", "platform", "tenant", "external_id"],
        )
