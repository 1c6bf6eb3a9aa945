"""Which programs can speak, how each is started, and how a setting names one: `ru=rhvoice:anna`."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOUND_FILE: Final = "spoken.wav"
"""In a folder of its own."""
_VOICE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+.-]{0,99}")
_BESIDE_BIN: Final = ("lib", "lib64", "share", "pyvenv.cfg")
NAMED: Final = re.compile(r"(?P<language>[a-z]{2})=(?P<program>[^:=]+)(:(?P<voice>.+))?")
"""`ru=rhvoice:anna`, `en=festival`, `de=/opt/piper/piper:/opt/voices/thorsten.onnx`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`file`: what its program is called. `arguments`: `{voice}` and `{file}` in them; those of `with_voice` where one is named. The text
    is written to it."""

    file: str
    arguments: tuple[str, ...]
    with_voice: tuple[str, ...]
    voice: re.Pattern[str] = _VOICE
    needs_voice: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "festival": Kind(file="text2wave", arguments=("-o", "{file}"), with_voice=("-eval", "(voice_{voice})")),
    "rhvoice": Kind(file="RHVoice-test", arguments=("-o", "{file}"), with_voice=("-p", "{voice}"), needs_voice=True),
    "piper": Kind(
        file="piper",
        arguments=("--output_file", "{file}"),
        with_voice=("--model", "{voice}"),
        voice=re.compile(r"/[^\x00]{1,500}"),
        needs_voice=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProgram:
    """`path`: named by whoever set it up; empty: it is looked for on the PATH."""

    kind: str
    voice: str = ""
    path: str = ""

    def found(self) -> str | None:
        """Where it is. None: it is not there."""
        return shutil.which(self.path or KINDS[self.kind].file)

    @property
    def missing(self) -> str:
        return f"{self.kind}: there is no {self.path or KINDS[self.kind].file}" + ("" if self.path else " on the PATH")

    def places(self, found: str) -> list[str]:
        """What it may read besides what belongs to the machine: its own folder, its interpreter's, its voice's."""
        names = [found, *_interpreters(found), *([self.voice] if self.voice.startswith("/") else [])]
        folders = {str(Path(each).parent) for name in names for each in (os.path.abspath(name), os.path.realpath(name))}
        beside = {f"{each[:-4]}/{part}" for each in folders if each.endswith("/bin") for part in _BESIDE_BIN}
        return sorted(each for each in folders | beside if each != "/" and os.pathsep not in each)

    def arguments(self) -> list[str]:
        kind = KINDS[self.kind]
        words = (*kind.arguments, *(kind.with_voice if self.voice else ()))
        return [word.format(voice=self.voice, file=SOUND_FILE) for word in words]


def voice_program(named: str) -> tuple[str, VoiceProgram]:
    """(language, program) of `ru=rhvoice:anna`. Raises `ValueError` that says what is wrong."""
    found = NAMED.fullmatch(named)
    if found is None:
        raise ValueError(f"{named}: must look like ru=rhvoice:anna")
    program, voice = found["program"], found["voice"] or ""
    path = program if program.startswith("/") else ""
    known = {each.file: name for name, each in KINDS.items()}
    kind = known.get(Path(program).name, "") if path else program
    if kind not in KINDS:
        raise ValueError(f"{named}: must be {', '.join(KINDS)}, or a path to {', '.join(known)}")
    if KINDS[kind].needs_voice and not voice:
        raise ValueError(f"{named}: {kind} needs a voice, as in {found['language']}={program}:name")
    if voice and not KINDS[kind].voice.fullmatch(voice):
        raise ValueError(f"{named}: “{voice}” can be no voice of {kind}")
    return found["language"], VoiceProgram(kind=kind, voice=voice, path=path)


def _interpreters(found: str) -> list[str]:
    """Of a script, as its first line says: `#!/opt/voices/bin/python`, `#!/usr/bin/env python3`."""
    try:
        with open(found, "rb") as file:
            first = file.readline(500)
    except OSError:
        return []
    words = first.decode(errors="replace")[2:].split() if first.startswith(b"#!") else []
    return [where for word in words[:2] if (where := shutil.which(word)) is not None]
