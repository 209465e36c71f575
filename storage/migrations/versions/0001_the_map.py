"""The map: priorities, capabilities, projects and tools, numbers, and the links between them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("map_revision", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_table(
        "channels",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_channels_organisation_id")
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
    op.create_table(
        "headings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_headings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headings")),
        sa.UniqueConstraint(
            "organisation_id", "field", name=op.f("uq_headings_organisation_id_field")
        ),
    )
    op.create_table(
        "people",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("side", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'facilitator', 'auditor', 'member', 'guest')",
            name=op.f("ck_people_role"),
        ),
        sa.CheckConstraint("side IN ('business', 'it', 'both')", name=op.f("ck_people_side")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint(
            "organisation_id", "email", name=op.f("uq_people_organisation_id_email")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_people_organisation_id_id")),
    )
    op.create_table(
        "accounts",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_accounts_organisation_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_accounts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "platform",
            "tenant",
            "external_id",
            name=op.f("uq_accounts_platform_tenant_external_id"),
        ),
    )
    op.create_index(
        op.f("ix_accounts_organisation_id_person_id"),
        "accounts",
        ["organisation_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "capabilities",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('works', 'workaround', 'missing')", name=op.f("ck_capabilities_state")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_capabilities_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_capabilities_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capabilities")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_capabilities_organisation_id_id")
        ),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_capabilities_organisation_id_name")
        ),
    )
    op.create_table(
        "events",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("what IN ('added', 'changed', 'removed')", name=op.f("ck_events_what")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_events_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_events_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(
        op.f("ix_events_organisation_id_at"), "events", ["organisation_id", "at"], unique=False
    )
    op.create_table(
        "initiatives",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column("unclear", sa.JSON(), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('project', 'tool')", name=op.f("ck_initiatives_kind")),
        sa.CheckConstraint(
            "phase IN ('stabilize', 'optimize', 'innovate')", name=op.f("ck_initiatives_phase")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'at risk', 'late', 'done', 'stopped')",
            name=op.f("ck_initiatives_status"),
        ),
        sa.CheckConstraint(
            "(cost IS NULL) = (currency IS NULL)", name=op.f("ck_initiatives_money")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_initiatives_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_initiatives_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiatives")),
        sa.UniqueConstraint(
            "organisation_id", "id", name=op.f("uq_initiatives_organisation_id_id")
        ),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_initiatives_organisation_id_name")
        ),
    )
    op.create_table(
        "metrics",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN ('up', 'down')", name=op.f("ck_metrics_direction")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_metrics_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_metrics_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_metrics_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_metrics_organisation_id_name")
        ),
    )
    op.create_table(
        "priorities",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "category IN ('growth', 'efficiency', 'risk reduction', 'compliance')",
            name=op.f("ck_priorities_category"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "owner_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_priorities_organisation_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_priorities_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priorities")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_priorities_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_priorities_organisation_id_name")
        ),
    )
    op.create_table(
        "questions",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asked_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_questions_organisation_id_asked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_questions_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_questions_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_table(
        "said",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_said_organisation_id_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "channel_id"],
            ["channels.organisation_id", "channels.id"],
            name=op.f("fk_said_organisation_id_channel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "seen_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_said_organisation_id_seen_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_said_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_said")),
        sa.UniqueConstraint("organisation_id", "uid", name=op.f("uq_said_organisation_id_uid")),
    )
    op.create_index(
        op.f("ix_said_organisation_id_channel_id_revision"),
        "said",
        ["organisation_id", "channel_id", "revision"],
        unique=False,
    )
    op.create_table(
        "links",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("metric_id", sa.Integer(), nullable=True),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(initiative_id IS NOT NULL AND metric_id IS NULL AND capability_id IS NOT NULL AND priority_id IS NULL) OR "
            "(initiative_id IS NOT NULL AND metric_id IS NULL AND capability_id IS NULL AND priority_id IS NOT NULL) OR "
            "(initiative_id IS NULL AND metric_id IS NULL AND capability_id IS NOT NULL AND priority_id IS NOT NULL) OR "
            "(initiative_id IS NULL AND metric_id IS NOT NULL AND capability_id IS NULL AND priority_id IS NOT NULL)",
            name=op.f("ck_links_pair"),
        ),
        sa.CheckConstraint("strength BETWEEN 1 AND 3", name=op.f("ck_links_strength")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "capability_id"],
            ["capabilities.organisation_id", "capabilities.id"],
            name=op.f("fk_links_organisation_id_capability_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "confirmed_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_links_organisation_id_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "initiative_id"],
            ["initiatives.organisation_id", "initiatives.id"],
            name=op.f("fk_links_organisation_id_initiative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "metric_id"],
            ["metrics.organisation_id", "metrics.id"],
            name=op.f("fk_links_organisation_id_metric_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "priority_id"],
            ["priorities.organisation_id", "priorities.id"],
            name=op.f("fk_links_organisation_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "said_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_links_organisation_id_said_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_links_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index(
        op.f("ix_links_organisation_id_capability_id"),
        "links",
        ["organisation_id", "capability_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_links_organisation_id_initiative_id"),
        "links",
        ["organisation_id", "initiative_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_links_organisation_id_metric_id"),
        "links",
        ["organisation_id", "metric_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_links_organisation_id_priority_id"),
        "links",
        ["organisation_id", "priority_id"],
        unique=False,
    )
    op.create_index(
        "uq_links_capability_priority",
        "links",
        ["organisation_id", "capability_id", "priority_id"],
        unique=True,
        sqlite_where=sa.text("capability_id IS NOT NULL AND priority_id IS NOT NULL"),
        postgresql_where=sa.text("capability_id IS NOT NULL AND priority_id IS NOT NULL"),
    )
    op.create_index(
        "uq_links_initiative_capability",
        "links",
        ["organisation_id", "initiative_id", "capability_id"],
        unique=True,
        sqlite_where=sa.text("initiative_id IS NOT NULL AND capability_id IS NOT NULL"),
        postgresql_where=sa.text("initiative_id IS NOT NULL AND capability_id IS NOT NULL"),
    )
    op.create_index(
        "uq_links_initiative_priority",
        "links",
        ["organisation_id", "initiative_id", "priority_id"],
        unique=True,
        sqlite_where=sa.text("initiative_id IS NOT NULL AND priority_id IS NOT NULL"),
        postgresql_where=sa.text("initiative_id IS NOT NULL AND priority_id IS NOT NULL"),
    )
    op.create_index(
        "uq_links_metric_priority",
        "links",
        ["organisation_id", "metric_id", "priority_id"],
        unique=True,
        sqlite_where=sa.text("metric_id IS NOT NULL AND priority_id IS NOT NULL"),
        postgresql_where=sa.text("metric_id IS NOT NULL AND priority_id IS NOT NULL"),
    )
    op.create_table(
        "readings",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "metric_id"],
            ["metrics.organisation_id", "metrics.id"],
            name=op.f("fk_readings_organisation_id_metric_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "said_by_id"],
            ["people.organisation_id", "people.id"],
            name=op.f("fk_readings_organisation_id_said_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_readings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    op.create_index(
        op.f("ix_readings_organisation_id_metric_id_day"),
        "readings",
        ["organisation_id", "metric_id", "day"],
        unique=False,
    )
