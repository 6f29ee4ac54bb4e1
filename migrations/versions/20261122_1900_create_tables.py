"""Create the tables of listeners, labels, cards, shortlists and models."""

import sqlalchemy as sa
from alembic import op

revision = "35f30ba757a2"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(16)
REAL: sa.Double[float] = sa.Double()


def upgrade() -> None:
    create_listeners()
    create_cards()
    create_models()
    create_shortlists()
    create_shortlist_entries()
    create_label_events()


def downgrade() -> None:
    for table in (
        "label_events",
        "shortlist_entries",
        "shortlists",
        "models",
        "cards",
        "listeners",
    ):
        op.drop_table(table)


def create_listeners() -> None:
    op.create_table(
        "listeners",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listeners"),
    )


def create_cards() -> None:
    op.create_table(
        "cards",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("posted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_cards"),
    )


def create_models() -> None:
    op.create_table(
        "models",
        row_id(),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("fitted_at", INSTANT, nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("n_labels", sa.BigInteger(), nullable=False),
        sa.Column("feature_names", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("trained_through", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        foreign_key("models", "listener_id", "listeners", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_models"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_models_listener_id_id", "models", ["listener_id", "id"])


def create_shortlists() -> None:
    op.create_table(
        "shortlists",
        row_id(),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("catalogue_version", sa.String(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("model_id", ROW_ID),
        foreign_key("shortlists", "listener_id", "listeners", ondelete="CASCADE"),
        foreign_key("shortlists", "model_id", "models", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_shortlists"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shortlists_listener_id_kind", "shortlists", ["listener_id", "kind"])
    op.create_index("ix_shortlists_model_id", "shortlists", ["model_id"])


def create_shortlist_entries() -> None:
    op.create_table(
        "shortlist_entries",
        sa.Column("shortlist_id", ROW_ID, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("p_like", REAL),
        sa.Column("reason", sa.String(), nullable=False),
        foreign_key("shortlist_entries", "shortlist_id", "shortlists", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shortlist_id", "position", name="pk_shortlist_entries"),
    )


def create_label_events() -> None:
    op.create_table(
        "label_events",
        row_id(),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.String(), nullable=False),
        sa.Column("value", WORD, nullable=False),
        sa.Column("labelled_at", INSTANT, nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("card_message_id", sa.BigInteger()),
        sa.Column("shortlist_id", ROW_ID),
        sa.Column("event_key", sa.String()),
        foreign_key("label_events", "listener_id", "listeners", ondelete="CASCADE"),
        foreign_key("label_events", "shortlist_id", "shortlists", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_label_events"),
        sa.UniqueConstraint("event_key", name="uq_label_events_event_key"),
        sqlite_autoincrement=True,
    )
    columns = ["listener_id", "track_id", "id"]
    op.create_index("ix_label_events_listener_id_track_id_id", "label_events", columns)
    op.create_index("ix_label_events_shortlist_id", "label_events", ["shortlist_id"])


def row_id() -> sa.Column[int]:
    return sa.Column("id", ROW_ID, sa.Identity(), nullable=False)


def foreign_key(table: str, column: str, target: str, *, ondelete: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)
