"""Keep the songs that became known after the catalogue was built."""

import sqlalchemy as sa
from alembic import op

revision = "b27e4c90d1fa"
down_revision = "4d0b7f6a91c2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learned_songs",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("artists", sa.JSON(), nullable=False),
        sa.Column("album", sa.String(), nullable=False),
        sa.Column("genre", sa.String()),
        sa.Column("country", sa.String()),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_learned_songs"),
        sa.UniqueConstraint("track_id", name="uq_learned_songs_track_id"),
    )


def downgrade() -> None:
    op.drop_table("learned_songs")
