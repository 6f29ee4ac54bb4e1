"""Keep what listeners see of a coming weekly list, so that its pages turn."""

import sqlalchemy as sa
from alembic import op

revision = "3ad6e1f09b74"
down_revision = "f27c5b80e9a1"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "week_previews",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_week_previews_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_week_previews"),
        sa.UniqueConstraint("listener_id", name="uq_week_previews_listener_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("week_previews")
