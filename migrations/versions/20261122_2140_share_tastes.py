"""Keep who lets others on which server lean on their taste."""

import sqlalchemy as sa
from alembic import op

revision = "4d0b7f6a91c2"
down_revision = "8c1d5be07f34"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_tastes",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_shared_tastes_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "listener_id", name="pk_shared_tastes"),
    )
    op.create_index("ix_shared_tastes_listener_id", "shared_tastes", ["listener_id"])


def downgrade() -> None:
    op.drop_table("shared_tastes")
