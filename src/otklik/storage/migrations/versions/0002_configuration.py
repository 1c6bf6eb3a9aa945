"""The set-up as a document with all its versions; contacts turned away, and by which entry rule contacts came in."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0002_configuration.sql")
