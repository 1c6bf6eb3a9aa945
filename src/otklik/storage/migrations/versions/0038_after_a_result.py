"""What follows from a result may be a planned call and a mail, too."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0038"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0038_after_a_result.sql")
