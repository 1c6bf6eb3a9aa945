"""Calls that agents place."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0022_calls_out.sql")
