"""Two cards become one, and two again."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0014_merge.sql")
