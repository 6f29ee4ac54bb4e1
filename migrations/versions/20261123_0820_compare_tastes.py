"""Keep who lets their taste be compared with others' on which server."""

import sqlalchemy as sa
from alembic import op

revision = "a3f7c20d9e64"
down_revision = "7c3e90ad51f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparable_tastes",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_comparable_tastes_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "listener_id", name="pk_comparable_tastes"),
    )
    op.create_index("ix_comparable_tastes_listener_id", "comparable_tastes", ["listener_id"])


def downgrade() -> None:
    op.drop_table("comparable_tastes")
