"""The words that a customer said to a scenario, beside the log."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0032"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0032_contact_said.sql")
