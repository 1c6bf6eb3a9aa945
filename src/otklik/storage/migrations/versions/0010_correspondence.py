"""What customers write, and the keys with which a web site hands it in."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0010_correspondence.sql")
