"""The card in one question."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0003_card.sql")
