"""Links of wallboards."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0021"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0021_wallboard.sql")
