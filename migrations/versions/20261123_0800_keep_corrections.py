"""Keep what listeners say about recommended songs, beside their verdicts."""

import sqlalchemy as sa
from alembic import op

revision = "b3e81f6a02d7"
down_revision = "d94b2f7a06ce"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "corrections",
        sa.Column("id", row_id, sa.Identity(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artist", sa.String(), nullable=True),
        sa.Column("genre", sa.String(), nullable=True),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("event_key", sa.String(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_corrections_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint(
            "listener_id",
            "event_key",
            "track_id",
            "kind",
            name="uq_corrections_listener_id_event_key_track_id_kind",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_corrections_listener_id_track_id_kind",
        "corrections",
        ["listener_id", "track_id", "kind"],
    )


def downgrade() -> None:
    op.drop_table("corrections")
