"""Find the end of a listener's log and their last question without reading all of them."""

from alembic import op

revision = "5b0e92c4f718"
down_revision = "4c1e8a92d7b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_label_events_listener_id_id", "label_events", ["listener_id", "id"])
    op.create_index(
        "ix_shortlists_listener_id_kind_id", "shortlists", ["listener_id", "kind", "id"]
    )
    op.drop_index("ix_shortlists_listener_id_kind", "shortlists")


def downgrade() -> None:
    op.create_index("ix_shortlists_listener_id_kind", "shortlists", ["listener_id", "kind"])
    op.drop_index("ix_shortlists_listener_id_kind_id", "shortlists")
    op.drop_index("ix_label_events_listener_id_id", "label_events")
