"""Let processes of one database share turns at outside services and events heard twice."""

import sqlalchemy as sa
from alembic import op

revision = "4c1e8a92d7b6"
down_revision = "d91b46e07a35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_turns",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_service_turns"),
    )
    op.create_table(
        "heard_events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heard_events"),
    )
    op.create_index("ix_heard_events_heard_at", "heard_events", ["heard_at"])


def downgrade() -> None:
    op.drop_table("heard_events")
    op.drop_table("service_turns")
