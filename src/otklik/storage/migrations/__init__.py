"""The schema's versions. A version is a file in `versions/` that runs SQL from `sql/`; there is no way down but a backup.

A version that changes rows must set `otklik.tenant` for each tenant in turn: forced row-level security binds the
owner too.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

SQL = Path(__file__).parent / "sql"


def run_sql(name: str) -> None:
    """Run a whole SQL file by the simple protocol, which takes several statements and no parameters."""
    raw = op.get_bind().connection.driver_connection
    assert raw is not None
    raw.execute((SQL / name).read_text("utf-8"))
