"""Customers who were put through to somebody outside."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0033_outside.sql")
