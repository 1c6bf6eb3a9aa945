"""What supervisors write to agents."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0027"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0027_notice.sql")
