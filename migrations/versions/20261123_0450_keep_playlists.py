"""Keep playlists that are made here, and every edit of a playlist."""

import sqlalchemy as sa
from alembic import op

revision = "e5a07c41b3d8"
down_revision = "e4a7c1f09b62"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_playlists",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("n_items", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("playlist", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_kept_playlists_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_kept_playlists"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kept_playlists_listener_id_id", "kept_playlists", ["listener_id", "id"])
    op.create_table(
        "playlist_edits",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("place_kind", sa.String(16), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("n_items", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True)),
        sa.Column("edited", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_playlist_edits_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_playlist_edits"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_playlist_edits_listener_id_id", "playlist_edits", ["listener_id", "id"])
    op.create_index("ix_playlist_edits_state", "playlist_edits", ["state"])


def downgrade() -> None:
    op.drop_table("playlist_edits")
    op.drop_table("kept_playlists")
