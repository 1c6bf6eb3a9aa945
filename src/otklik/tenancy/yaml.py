"""The set-up's document as YAML 1.2, in which 09:00 and no are text, with the line of every value for the faults."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

from otklik.routing.audit import Fault
from otklik.tenancy.document import Plain, Unfit

WIDTH: Final = 120
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Text:
    """What stood in the text, and the line (from 1) of each place in it."""

    plain: Any
    lines: Mapping[str, int]

    def line(self, place: str) -> int | None:
        """Of the place, or of the nearest one round it: what is missing has no line of its own."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]+)$", "", place)
        return None


def write(plain: Plain) -> str:
    yaml = _yaml()
    out = io.StringIO()
    yaml.dump(plain, out)
    return out.getvalue()


def read(text: str) -> Text:
    """Raises `Unfit`; the fault's place is then "line N"."""
    try:
        # An alias could make a small file enormous, and a tag has nothing to say here.
        if re.search(r"(?m)(^|[\s\[{,:-])[&*!]", text):
            _refuse_aliases_and_tags(text)
        loaded = _yaml().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _unreadable(line, str(error.problem)) from error
    except (YAMLError, ValueError) as error:
        raise _unreadable(1, str(error).splitlines()[0]) from error
    except RecursionError as error:
        raise _unreadable(1, "too deep") from error
    lines: dict[str, int] = {}
    try:
        return Text(_plain(loaded, "", lines), lines)
    except RecursionError as error:
        raise _unreadable(1, "too deep") from error


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.version = None
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _refuse_aliases_and_tags(text: str) -> None:
    for token in _yaml().scan(text):
        if isinstance(token, AliasToken | AnchorToken | TagToken):
            raise Unfit([Fault(place=f"line {token.start_mark.line + 1}", code="config_alias")])


def _unreadable(line: int, reason: str) -> Unfit:
    return Unfit([Fault(place=f"line {line}", code="config_yaml", values={"reason": reason})])


def _plain(value: Any, place: str, lines: dict[str, int]) -> Any:
    """Of plain Python types; a date, which YAML knows without quotes, as its text."""
    if isinstance(value, CommentedMap):
        found = {}
        for key, each in value.items():
            name = _storable(str(key), value.lc.key(key)[0] + 1)
            inside = f"{place}.{name}" if place else name
            lines[inside] = value.lc.key(key)[0] + 1
            found[name] = _plain(each, inside, lines)
        return found
    if isinstance(value, CommentedSeq):
        for number in range(len(value)):
            lines[f"{place}[{number}]"] = value.lc.item(number)[0] + 1
        return [_plain(each, f"{place}[{number}]", lines) for number, each in enumerate(value)]
    if isinstance(value, str):
        return _storable(str(value), lines.get(place, 1))
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, int) else float(value) if isinstance(value, float) else str(value)


def _storable(text: str, line: int) -> str:
    """YAML can say what PostgreSQL cannot keep."""
    if _UNSTORABLE.search(text):
        raise _unreadable(line, "NUL")
    return text
