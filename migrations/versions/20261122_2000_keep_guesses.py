"""Keep every guess that was told; let events that take back name what stands again."""

import sqlalchemy as sa
from alembic import op

revision = "8c1d5be07f34"
down_revision = "35f30ba757a2"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.add_column("label_events", sa.Column("restores", sa.BigInteger()))
    op.create_table(
        "guesses",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("p_like", REAL, nullable=False),
        sa.Column("guessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("model_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_guesses_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_guesses"),
        sqlite_autoincrement=True,
    )
    columns = ["listener_id", "track_id", "id"]
    op.create_index("ix_guesses_listener_id_track_id_id", "guesses", columns)


def downgrade() -> None:
    op.drop_table("guesses")
    op.drop_column("label_events", "restores")
