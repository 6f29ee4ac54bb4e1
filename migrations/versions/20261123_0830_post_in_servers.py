"""Keep what is posted in servers by the clock, and on which server a card is."""

import sqlalchemy as sa
from alembic import op

revision = "d91b46e07a35"
down_revision = "a3f7c20d9e64"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_plans",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("cadence", sa.String(16), nullable=False),
        sa.Column("weekday", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "kind", name="pk_server_plans"),
    )
    op.create_index("ix_server_plans_next_due", "server_plans", ["next_due"])
    op.create_table(
        "planned_posts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(),
            nullable=False,
        ),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.String(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_planned_posts"),
        sa.UniqueConstraint(
            "guild_id", "kind", "local_date", name="uq_planned_posts_guild_id_kind_local_date"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_planned_posts_state", "planned_posts", ["state"])
    op.add_column("cards", sa.Column("guild_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_cards_guild_id", "cards", ["guild_id"])
    op.create_index("ix_label_events_card_message_id", "label_events", ["card_message_id"])


def downgrade() -> None:
    op.drop_index("ix_label_events_card_message_id", "label_events")
    op.drop_index("ix_cards_guild_id", "cards")
    with op.batch_alter_table("cards") as cards:
        cards.drop_column("guild_id")
    op.drop_table("planned_posts")
    op.drop_table("server_plans")
