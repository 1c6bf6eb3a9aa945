"""Keys of the desk that a person has chosen."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0023"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0023_keys.sql")
