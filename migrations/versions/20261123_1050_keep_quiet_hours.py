"""Keep between which hours nothing unasked is sent to whom."""

import sqlalchemy as sa
from alembic import op

revision = "f27c5b80e9a1"
down_revision = "5b0e92c4f718"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiet_hours",
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_quiet_hours_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listener_id", name="pk_quiet_hours"),
    )
    op.create_table(
        "quiet_servers",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_quiet_servers"),
    )


def downgrade() -> None:
    op.drop_table("quiet_servers")
    op.drop_table("quiet_hours")
