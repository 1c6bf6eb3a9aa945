"""What may stand in a frame of a handler's process. Its code can write into the line itself: so whoever reads looks at each. Pure."""

from __future__ import annotations

import json
import re
from typing import Any, Final

LARGEST: Final = 65_536
"""Bytes of what a process answers."""
DEEPEST: Final = 32
"""Lists and objects in each other: no verb has half as many."""
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_INTEGERS: Final = 2**63


def read(body: bytes) -> dict[str, Any]:
    """Raises `ValueError` or `RecursionError`."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("a frame is no object")
    if (wrong := fault(found)) is not None:
        raise ValueError(wrong)
    return found


def fault(value: object, depth: int = 1) -> str | None:
    """Why this cannot be kept. None: it can."""
    if isinstance(value, str):
        return "a text with NUL or half a surrogate pair in it" if _NO_TEXT.search(value) else None
    if isinstance(value, int):
        return None if -_INTEGERS <= value < _INTEGERS else "a number of more than 64 bits"
    if not isinstance(value, dict | list | tuple):
        return None
    if depth > DEEPEST:
        return f"more than {DEEPEST} lists and objects in each other"
    parts = (*value.keys(), *value.values()) if isinstance(value, dict) else value
    return next((wrong for each in parts if (wrong := fault(each, depth + 1)) is not None), None)
