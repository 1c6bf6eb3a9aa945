"""Accounts of desk telephones."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0031"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0031_telephone.sql")
