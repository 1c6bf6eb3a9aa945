"""Answers along talk scripts."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0017_talk.sql")
