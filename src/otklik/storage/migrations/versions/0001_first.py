"""The first schema: tenants and people, the set-up, customers, contacts, the event log, and who may see what."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for part in ("roles", "tenancy", "centre", "contacts", "log", "policies"):
        run_sql(f"0001_{part}.sql")
