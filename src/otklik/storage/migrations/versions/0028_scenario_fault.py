"""What scenarios failed of, for whoever looks after them."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0028_scenario_fault.sql")
