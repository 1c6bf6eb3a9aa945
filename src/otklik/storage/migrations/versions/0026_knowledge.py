"""Articles of the knowledge base, their versions, and what became of them."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0026_knowledge.sql")
