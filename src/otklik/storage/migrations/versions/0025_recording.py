"""Silent stretches of recordings."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0025"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0025_recording.sql")
