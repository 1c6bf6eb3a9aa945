"""Drafts of flows."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0020"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0020_flow_draft.sql")
