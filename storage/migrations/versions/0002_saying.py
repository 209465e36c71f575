"""Hearing once and saying once: the inbox, the outbox, its lanes, and rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

POINTS_AT_CHANNELS = ("said", "questions")


def upgrade() -> None:
    op.create_table(
        "rooms",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_rooms_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_rooms_organisation_id_id")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_rooms_organisation_id_name")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_channels()
    else:
        _widen_channels()
    op.create_table(
        "inbox",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_inbox_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "key", name=op.f("pk_inbox")),
    )
    op.create_table(
        "lanes",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_lanes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "name", name=op.f("pk_lanes")),
    )
    _outbox()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("under", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("is_anew", sa.Boolean(), nullable=False),
        sa.Column("is_notice", sa.Boolean(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("caused_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'unknown', 'held', 'sent', 'failed')",
            name=op.f("ck_outbox_state"),
        ),
        sa.CheckConstraint(
            "channel_id IS NOT NULL OR person_id IS NOT NULL", name=op.f("ck_outbox_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_outbox_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_outbox_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "caused_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_outbox_organisation_id_caused_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_outbox_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        op.f("ix_outbox_organisation_id_state_again_at"),
        "outbox",
        ["organisation_id", "state", "again_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outbox_organisation_id_key"), "outbox", ["organisation_id", "key"], unique=False
    )


def _widen_channels() -> None:
    op.add_column("channels", sa.Column("room_id", sa.Integer(), nullable=True))
    op.add_column("channels", sa.Column("is_private", sa.Boolean(), nullable=True))
    op.add_column(
        "channels", sa.Column("zone", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.alter_column("channels", "zone", server_default=None)
    op.create_foreign_key(
        op.f("fk_channels_organisation_id_room_id"),
        "channels",
        "rooms",
        ["organisation_id", "room_id"],
        ["organisation_id", "id"],
    )


def _rebuild_channels() -> None:
    """SQLite adds no foreign key of two columns, and to drop a table deletes its rows first.

    So whatever points at them steps aside, all inside the one transaction.
    """
    for table in POINTS_AT_CHANNELS:
        op.execute(f"CREATE TEMPORARY TABLE aside_{table} AS SELECT * FROM {table}")  # noqa: S608
        op.execute(f"DELETE FROM {table}")  # noqa: S608
    op.create_table(
        "channels_wider",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_channels_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "room_id"],
            ["rooms.organisation_id", "rooms.id"],
            name=op.f("fk_channels_organisation_id_room_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_channels_organisation_id_id")),
        sa.UniqueConstraint(
            "platform",
            "tenant",
            "external_id",
            name=op.f("uq_channels_platform_tenant_external_id"),
        ),
    )
    op.execute(
        "INSERT INTO channels_wider (organisation_id, id, platform, tenant, external_id, name, "
        "zone) SELECT organisation_id, id, platform, tenant, external_id, name, '' FROM channels"
    )
    op.drop_table("channels")
    op.rename_table("channels_wider", "channels")
    for table in POINTS_AT_CHANNELS:
        op.execute(f"INSERT INTO {table} SELECT * FROM aside_{table}")  # noqa: S608
        op.execute(f"DROP TABLE aside_{table}")
