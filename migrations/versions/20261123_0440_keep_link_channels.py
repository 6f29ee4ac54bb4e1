"""Keep in which channel of a server links of songs become cards."""

import sqlalchemy as sa
from alembic import op

revision = "e4a7c1f09b62"
down_revision = "5e8a31c7d0b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_channels",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_link_channels"),
    )


def downgrade() -> None:
    op.drop_table("link_channels")
