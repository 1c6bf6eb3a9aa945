"""Cards of customers: many identities, a personal manager, fields of the tenant's own, who changed what."""

from __future__ import annotations

from otklik.storage.migrations import run_sql

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("0012_customers.sql")
