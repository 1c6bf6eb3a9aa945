"""Callbacks, and the other ways out of a queue."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0006_callbacks.sql")
