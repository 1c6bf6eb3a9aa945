"""How the customer and the agents heard each other."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0034_line_quality.sql")
