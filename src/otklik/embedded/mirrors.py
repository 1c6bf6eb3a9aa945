"""Where this system takes its packages from: its own sources (one-line and deb822), read and never changed.

No mirror is named here. `[trusted=yes]` and the like are not carried over: what we fetch is always checked.
Formats: sources.list(5), os-release(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

ALIASES: Final = frozenset({"stable", "oldstable", "testing", "unstable", "sid"})
PART: Final = {"debian": "main", "ubuntu": "universe"}
"""The component in which the distribution keeps Asterisk."""
WITHOUT_ASTERISK_22: Final = frozenset(
    {"buster", "bullseye", "bookworm", "trixie", "bionic", "focal", "jammy", "noble", "plucky"},
)
ELSEWHERE: Final = {"debian": ("forky", "testing", "sid"), "ubuntu": ("resolute", "questing")}
"""Releases of the same archive that have Asterisk 22, for systems whose own release does not. They are unpacked with
their own C library beside the system, never installed into it."""

Family = Literal["debian", "ubuntu"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    uri: str
    suites: tuple[str, ...]
    parts: tuple[str, ...]
    signed_by: str | None = None
    """A keyring's path, or the armoured key itself; None: the keys that the system trusts for everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    family: Family | None
    codename: str
    sources: tuple[Source, ...]

    def archives(self) -> list[Source]:
        """The distribution's main archive, likeliest first (others may call a component of theirs `main`, too)."""
        if self.family is None:
            return []
        known = [source for source in self.sources if self._rank(source) < 4]
        distinct = {source.uri: source for source in sorted(known, key=self._rank, reverse=True)}
        return sorted(distinct.values(), key=self._rank)

    def suites(self) -> tuple[str, ...]:
        """Releases to look in, in this order."""
        if self.family is None:
            return ()
        elsewhere = ELSEWHERE[self.family]
        if self.codename in WITHOUT_ASTERISK_22 or not self.codename:
            return elsewhere
        return (self.codename, *(suite for suite in elsewhere if suite != self.codename))

    def _rank(self, source: Source) -> int:
        if not source.parts or "main" not in source.parts:
            return 4
        own = self.codename in source.suites
        if not own and not ALIASES & set(source.suites):
            return 4
        return (0 if own else 2) + (0 if source.uri.rstrip("/").endswith(f"/{self.family}") else 1)


def system(root: Path = Path("/")) -> System:
    release = _release(root / "etc/os-release")
    likes = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    family: Family | None = "ubuntu" if "ubuntu" in likes else "debian" if "debian" in likes else None
    codename = release.get("UBUNTU_CODENAME" if family == "ubuntu" else "DEBIAN_CODENAME")
    return System(
        family=family,
        codename=codename or release.get("VERSION_CODENAME", ""),
        sources=tuple(sources(root / "etc/apt")),
    )


def sources(folder: Path) -> Iterator[Source]:
    """All enabled binary sources below an `/etc/apt`."""
    parts = folder / "sources.list.d"
    for path in [folder / "sources.list", *sorted(parts.glob("*.list"))]:
        for line in _read(path).splitlines():
            yield from _one_line(line)
    for path in sorted(parts.glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", _read(path)):
            yield from _deb822(stanza)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _release(path: Path) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in _read(path).splitlines() if "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


_ONE_LINE: Final = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)(?P<parts>[^#]*)")


def _one_line(line: str) -> Iterator[Source]:
    found = _ONE_LINE.match(line.strip())
    if found is None:
        return
    options = dict(word.split("=", 1) for word in (found["options"] or "").split() if "=" in word)
    yield from _made([found["uri"]], [found["suite"]], found["parts"].split(), options.get("signed-by"))


def _deb822(stanza: str) -> Iterator[Source]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line[0] in " \t":
            fields[name] = fields.get(name, "") + "\n" + line[1:]
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false", "0"):
        return
    words = {field: fields.get(field, "").split() for field in ("uris", "suites", "components")}
    yield from _made(words["uris"], words["suites"], words["components"], _key(fields.get("signed-by", "")))


def _key(value: str) -> str | None:
    """In deb822 a key may stand in the field itself; a line of it with only a dot is an empty line."""
    if "BEGIN PGP" not in value:
        return value.strip() or None
    return "\n".join("" if line.strip() == "." else line.strip() for line in value.strip().splitlines()) + "\n"


def _made(uris: Iterable[str], suites: list[str], parts: list[str], signed_by: str | None) -> Iterator[Source]:
    for uri in uris:
        if not uri.startswith("cdrom:"):
            yield Source(uri=uri, suites=tuple(suites), parts=tuple(parts), signed_by=signed_by)
