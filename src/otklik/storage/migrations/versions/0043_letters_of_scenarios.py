"""How many mails of scenarios an address has had today."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0043"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0043_letters_of_scenarios.sql")
