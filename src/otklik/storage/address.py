"""Where the database is, and as whom every connection of the program comes to it."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

APP_ROLE = "otklik_app"
CONNECT_SECONDS = 10
# Given at connect, so that RESET ROLE leads back here and not to the owner.
SESSION_OPTIONS = f"-c role={APP_ROLE} -c search_path=otklik,public -c timezone=UTC -c statement_timeout=30s"


def driver_url(url: str) -> URL:
    """The same database for SQLAlchemy: always psycopg. Raises `ArgumentError` if it is no PostgreSQL URL."""
    made = make_url(url)
    if made.get_backend_name() not in ("postgresql", "postgres"):
        raise ArgumentError(f"not a PostgreSQL URL: {made.drivername}")
    return made.set(drivername="postgresql+psycopg")


def conninfo(url: str) -> str:
    """The same database for libpq."""
    return driver_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
