"""The wait that was expected, beside the wait that was."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0005_promised.sql")
