"""A contact may be served by its scenario alone."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0016_served.sql")
