"""Each agent's part of a contact has an outcome, a note and a wrap-up of its own."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0007_parts.sql")
