"""Calls between agents."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0037"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0037_internal_calls.sql")
