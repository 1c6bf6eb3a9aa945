"""The card of a ring, by the shortest way."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0015_card.sql")
