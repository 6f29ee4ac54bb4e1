"""Keep linked accounts, and the links that are being made."""

import sqlalchemy as sa
from alembic import op

revision = "5e8a31c7d0b4"
down_revision = "b61f0c7d93ae"
branch_labels = None
depends_on = None

WORD = sa.String(16)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("renewing_until", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_accounts_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listener_id", "kind", name="pk_accounts"),
    )
    op.create_table(
        "pending_links",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("listener_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["listener_id"],
            ["listeners.id"],
            name="fk_pending_links_listener_id_listeners",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state_hash", name="pk_pending_links"),
    )
    op.create_index("ix_pending_links_listener_id", "pending_links", ["listener_id"])


def downgrade() -> None:
    op.drop_table("pending_links")
    op.drop_table("accounts")
