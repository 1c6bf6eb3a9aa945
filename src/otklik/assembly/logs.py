"""Where logs go: JSON lines on standard error for collectors, or a file beside the data and warnings on the screen."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

import structlog

PHONE = re.compile(r"(?<![\w-])(\+?\d{3})\d{4,}(\d{2})(?![\w-])")
LIMIT_BYTES = 20 * 1024 * 1024


def mask(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Customers' numbers lose their middle: +79161234567 becomes +79***67."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("timestamp", "exception"):
            event[key] = PHONE.sub(r"\1***\2", value)
    return event


def configure(folder: Path, *, form: str, level: str, name: str = "otklik") -> None:
    """`name`: of the log file; each process has its own."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        cache_logger_on_first_use=True,
    )
    as_json = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        foreign_pre_chain=shared,
    )
    handler: logging.Handler
    if form == "json":
        handler = logging.StreamHandler(sys.stderr)
    else:
        file = folder / "logs" / f"{name}.log"
        file.parent.mkdir(exist_ok=True, mode=0o700)
        handler = logging.handlers.RotatingFileHandler(file, maxBytes=LIMIT_BYTES, backupCount=5, encoding="utf-8")
    handler.setFormatter(as_json)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # httpx would tell whole addresses, with what callers keyed in them.
    for noisy in ("uvicorn.access", "websockets", "sqlalchemy", "alembic", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
