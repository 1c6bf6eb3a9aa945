"""The voices of a server and of programs before the machine's own, and what `doctor` and the System screen say of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from otklik.channels.voice.programs import ProgramSpeech
from otklik.channels.voice.served import ServedSpeech, Server
from otklik.channels.voice.voice_program import VoiceProgram, voice_program
from otklik.contact.configuration import Speech
from otklik.contact.ports import SpeechRenderer
from otklik.embedded.findings import Finding, Text
from otklik.errors import PeerError
from otklik.settings import Settings

TITLE: Text = {"ru": "Голос с сервера", "en": "Voice of a server"}
ADVICE: Text = {
    "ru": "Тексты произносит свой голос, espeak-ng. Проверьте OTKLIK_VOICE_URL, OTKLIK_VOICE_KEY, OTKLIK_VOICE_MODEL и"
    " имена голосов в OTKLIK_VOICE_NAMES.",
    "en": "The own voice, espeak-ng, speaks the texts. Check OTKLIK_VOICE_URL, OTKLIK_VOICE_KEY, OTKLIK_VOICE_MODEL and"
    " the names of voices in OTKLIK_VOICE_NAMES.",
}
UNNAMED: Text = {
    "ru": "Голоса не названы, поэтому сервер не спрашивают: OTKLIK_VOICE_NAMES=ru=имя,en=имя.",
    "en": "No voice is named, so the server is not asked: OTKLIK_VOICE_NAMES=ru=name,en=name.",
}


PROGRAM_TITLE: Text = {"ru": "Голос программы", "en": "Voice of a program"}
PROGRAM_ADVICE: Text = {
    "ru": "Тексты на этом языке произносит свой голос, espeak-ng. Поставьте программу и её голос или укажите путь к ней в"
    " OTKLIK_VOICE_PROGRAMS: ru=/usr/bin/RHVoice-test:anna.",
    "en": "The own voice, espeak-ng, speaks texts in this language. Install the program and its voice, or say where it is in"
    " OTKLIK_VOICE_PROGRAMS: ru=/usr/bin/RHVoice-test:anna.",
}


def programs_of(settings: Settings) -> dict[str, VoiceProgram]:
    """By language; the last one named counts."""
    return dict(voice_program(named) for named in settings.voice_programs)


def server_of(settings: Settings) -> Server | None:
    if settings.voice_url is None:
        return None
    names = dict(pair.split("=", 1) for pair in settings.voice_names)
    return Server(url=settings.voice_url, voices=names, model=settings.voice_model, key=settings.voice_key)


async def voice_findings(server: Server | None, running: ServedSpeech | None) -> list[Finding]:
    """Nothing without a server. Of one that callers are using: how it went the last time; otherwise it is asked to say a word."""
    if server is None:
        return []
    if not server.voices:
        return [Finding(id="voice_server", state="warning", title=TITLE, found=server.url, advice=UNNAMED)]
    trouble = running.trouble if running is not None else await _try_out(server)
    if trouble:
        return [
            Finding(id="voice_server", state="warning", title=TITLE, found=f"{server.url}: {trouble}", advice=ADVICE)
        ]
    return [Finding(id="voice_server", state="ok", title=TITLE, found=f"{server.url}: {', '.join(server.voices)}")]


async def program_findings(programs: Mapping[str, VoiceProgram], running: ProgramSpeech | None) -> list[Finding]:
    """Of programs that callers are using: how it went the last time; otherwise each is asked to say a word."""
    found: list[Finding] = []
    for language, program in programs.items():
        named = f"{language}: {program.kind}{f' {program.voice}' if program.voice else ''}"
        if program.found() is None:
            trouble = program.missing
        elif running is not None:
            trouble = running.trouble.get(language, "")
        else:
            trouble = await _try_program(language, program)
        id = f"voice_program_{language}"
        if trouble:
            told = f"{named}: {trouble}"
            found.append(Finding(id=id, state="warning", title=PROGRAM_TITLE, found=told, advice=PROGRAM_ADVICE))
        else:
            found.append(Finding(id=id, state="ok", title=PROGRAM_TITLE, found=named))
    return found


async def _try_program(language: str, program: VoiceProgram) -> str:
    with TemporaryDirectory() as folder:
        speech = ProgramSpeech({language: program}, _Nobody(), Path(folder))
        try:
            await speech.render(Speech(text="1", language=language))
        except PeerError:
            return speech.trouble[language]
    return ""


async def _try_out(server: Server) -> str:
    with TemporaryDirectory() as folder:
        speech = ServedSpeech(server, _Nobody(), Path(folder))
        try:
            await speech.render(Speech(text="1", language=next(iter(server.voices))))
        except PeerError:
            return speech.trouble
        finally:
            await speech.close()
    return ""


class _Nobody(SpeechRenderer):
    async def render(self, speech: Speech) -> Path:
        raise PeerError("voice", "none", retryable=False)
