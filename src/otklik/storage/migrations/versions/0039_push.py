"""Browsers that are told of things while their page is closed."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0039_push.sql")
