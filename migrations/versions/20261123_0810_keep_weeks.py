"""Keep plans of weekly lists, and every weekly list."""

import sqlalchemy as sa
from alembic import op

revision = "7c3e90ad51f2"
down_revision = "b3e81f6a02d7"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.Double[float] = sa.Double()
WORD = sa.String(16)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "weekly_plans",
        sa.Column("listener_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weekday", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("place", WORD, nullable=False),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("n_songs", sa.BigInteger(), nullable=False),
        sa.Column("adventure", REAL, nullable=False),
        sa.Column("spotify", WORD, nullable=False),
        sa.Column("spotify_playlist_id", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("trouble_told", sa.Boolean(), nullable=False),
        sa.Column("next_due", INSTANT),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_weekly_plans_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listener_id", name="pk_weekly_plans"),
    )
    op.create_index("ix_weekly_plans_next_due", "weekly_plans", ["next_due"])
    op.create_table(
        "weeks",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.JSON()),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("shortlist_id", ROW_ID),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("sent_at", INSTANT),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_until", INSTANT),
        sa.Column("owes_copy", sa.Boolean(), nullable=False),
        sa.Column("kept_id", ROW_ID),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_weeks_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shortlist_id"],
            ["shortlists.id"],
            name="fk_weeks_shortlist_id_shortlists",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["kept_playlists.id"],
            name="fk_weeks_kept_id_kept_playlists",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_weeks"),
        sa.UniqueConstraint("listener_id", "local_date", name="uq_weeks_listener_id_local_date"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_weeks_state_due_at", "weeks", ["state", "due_at"])
    op.create_index("ix_weeks_shortlist_id", "weeks", ["shortlist_id"])
    op.create_index("ix_weeks_kept_id", "weeks", ["kept_id"])


def downgrade() -> None:
    op.drop_table("weeks")
    op.drop_table("weekly_plans")
