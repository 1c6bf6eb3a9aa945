"""What was decided from each fact, for `otklik replay`."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0004_decided.sql")
