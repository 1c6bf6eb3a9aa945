"""The voice of a server before the machine's own, and what `doctor` and the System screen say of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from otklik.channels.voice.served import ServedSpeech, Server
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
