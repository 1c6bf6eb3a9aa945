"""The number at which a customer wants to be called back, where it is another one."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0029"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0029_callback_number.sql")
