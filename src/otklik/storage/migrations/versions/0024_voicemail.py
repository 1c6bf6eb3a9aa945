"""Voicemail: an outcome of calls."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0024"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0024_voicemail.sql")
