"""Keep what audits of lists found."""

import sqlalchemy as sa
from alembic import op

revision = "b7e02c5d9f13"
down_revision = "b27e4c90d1fa"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REAL: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "recall_audits",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("catalogue_version", sa.String(), nullable=False),
        sa.Column("n_songs", sa.BigInteger(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("n_labels", sa.BigInteger(), nullable=False),
        sa.Column("limited_to", sa.String(16), nullable=False),
        sa.Column("looked_for", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("seconds", REAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recall_audits"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("recall_audits")
