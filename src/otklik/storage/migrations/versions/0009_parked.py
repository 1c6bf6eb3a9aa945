"""Parked contacts in the account."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0009"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0009_parked.sql")
