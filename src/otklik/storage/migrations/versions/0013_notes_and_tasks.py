"""What people write about a customer, and what is to be done for one."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0013"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0013_notes_and_tasks.sql")
