"""Keep where copies of playlists are, what is news to listeners, and when hints were asked for."""

import sqlalchemy as sa
from alembic import op

revision = "d94b2f7a06ce"
down_revision = "c27d90e5b1a8"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "playlist_copies",
        sa.Column("kept_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("account", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("n_items", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["kept_playlists.id"],
            name="fk_playlist_copies_kept_id_kept_playlists",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_playlist_copies_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kept_id", "account", "account_id", name="pk_playlist_copies"),
    )
    op.create_index("ix_playlist_copies_listener_id", "playlist_copies", ["listener_id"])
    op.add_column(
        "playlist_edits",
        sa.Column("is_news", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("accounts", sa.Column("hinted_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("accounts", "hinted_at")
    op.drop_column("playlist_edits", "is_news")
    op.drop_table("playlist_copies")
