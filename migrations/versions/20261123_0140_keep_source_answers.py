"""Keep what outside services answered, and until when they may not be asked."""

import sqlalchemy as sa
from alembic import op

revision = "b61f0c7d93ae"
down_revision = "b7e02c5d9f13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_answers",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key", name="pk_source_answers"),
    )
    op.create_table(
        "source_closures",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("counted_on", sa.Date()),
        sa.Column("n_calls", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "bucket", name="pk_source_closures"),
    )


def downgrade() -> None:
    op.drop_table("source_closures")
    op.drop_table("source_answers")
