"""Keep which songs listeners probably like, by their accounts elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "c27d90e5b1a8"
down_revision = "e5a07c41b3d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hints",
        sa.Column("listener_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("hinted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_hints_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listener_id", "track_id", name="pk_hints"),
    )


def downgrade() -> None:
    op.drop_table("hints")
