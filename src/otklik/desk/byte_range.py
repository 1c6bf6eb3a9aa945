"""Which bytes of a recording were asked for (RFC 9110, 14.2). One range only; more are answered by the whole."""

from __future__ import annotations

import re

from otklik.errors import AppError

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, after the last), or None for the whole. Raises `no_such_range` if the recording ends before it."""
    found = _RANGE.fullmatch((header or "").replace(" ", ""))
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < begin:
            return None
    if begin >= end:
        raise AppError("no_such_range", 416, size=size)
    return begin, end
