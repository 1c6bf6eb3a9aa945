"""How each agent's shifts were spent."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0042"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0042_working_time.sql")
