"""The time that was chosen for a call."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0030_callback_at.sql")
