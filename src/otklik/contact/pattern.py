"""Patterns that a tenant writes: a dialect whose time grows with the text only, so that no pattern holds the program up.

The engine is Rust's `regex` inside pydantic: no look-around and no back-references.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError


@lru_cache(maxsize=1_000)
def _adapter(pattern: str) -> TypeAdapter[str] | None:
    try:
        return TypeAdapter(Annotated[str, StringConstraints(pattern=f"^(?:{pattern})$")])
    except SchemaError:
        return None


def readable(pattern: str) -> bool:
    return _adapter(pattern) is not None


def fits(pattern: str, text: str) -> bool:
    """Does the whole text fit? What cannot be read fits everything: a slip in the set-up keeps nobody from working."""
    adapter = _adapter(pattern)
    if adapter is None:
        return True
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True
