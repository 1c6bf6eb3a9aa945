"""An answer is sent by one at a time; a task that was taken stays with whoever took it."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0036"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0036_claimed.sql")
