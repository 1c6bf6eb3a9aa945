"""What follows from a contact: a task of a person or of a queue, and an answer to what was written."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0035_follow_up.sql")
