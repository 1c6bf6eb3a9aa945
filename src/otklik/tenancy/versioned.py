"""The version that a change of the set-up, or of a part of it, goes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from otklik.errors import AppError


class Asked(Protocol):
    """A request over HTTP."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, whatever its case."""


def if_match(request: Asked) -> int:
    """Raises `config_version_required` if the request does not say it."""
    named = request.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not named.isdecimal() or len(named) > 9:
        raise AppError("config_version_required", 428)
    return int(named)
