"""Who hears words in this installation, and what `doctor` and the System screen say of it."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Lack
from otklik.contact.ports import Recogniser
from otklik.embedded.findings import Finding, Text
from otklik.integrations.recognisers import weights
from otklik.integrations.recognisers.served import ServedRecogniser, Server
from otklik.integrations.recognisers.whisper import WhisperRecogniser
from otklik.scenario.audit_speech import unheard
from otklik.settings import Settings

TITLE: Text = {"ru": "Распознавание речи", "en": "Speech recognition"}
NOBODY: Text = {
    "ru": "Есть меню, где отвечают голосом, а слушать некому: звонящих сразу просят нажать клавишу. Поставьте пакет otklik[asr]"
    " (около 300 МБ) или задайте сервер в OTKLIK_RECOGNISER_URL.",
    "en": "There are menus that may be spoken to, and nobody listens: callers are asked for keys at once. Install the package"
    " otklik[asr] (about 300 MB), or name a server in OTKLIK_RECOGNISER_URL.",
}
TROUBLE: Text = {
    "ru": "Последнюю фразу распознать не удалось, звонящего попросили нажать клавишу. Проверьте OTKLIK_RECOGNISER_URL,"
    " OTKLIK_RECOGNISER_KEY и OTKLIK_RECOGNISER_MODEL.",
    "en": "The last utterance could not be recognised; the caller was asked for a key. Check OTKLIK_RECOGNISER_URL,"
    " OTKLIK_RECOGNISER_KEY and OTKLIK_RECOGNISER_MODEL.",
}


def hears(settings: Settings) -> bool:
    """Is there anybody who could?"""
    return settings.recogniser_url is not None or (settings.recogniser_at_once > 0 and weights.installed())


def lacks(settings: Settings) -> frozenset[Lack]:
    """What a set-up may ask for and this installation does not have."""
    return frozenset({*(() if settings.trunk_out else ("trunk",)), *(() if hears(settings) else ("recogniser",))})


def recogniser_of(settings: Settings) -> Recogniser | None:
    """A server before our own; None: only keys count."""
    if settings.recogniser_url is not None:
        key = settings.recogniser_key
        return ServedRecogniser(Server(url=settings.recogniser_url, model=settings.recogniser_model, key=key))
    return WhisperRecogniser(settings.cache_dir, at_once=settings.recogniser_at_once) if hears(settings) else None


def recogniser_finding(settings: Settings, running: Recogniser | None, set_up: Sequence[Configuration]) -> Finding:
    wanted = any(unheard(each) for each in set_up)
    if not hears(settings):
        if wanted:
            return Finding(id="recogniser", state="warning", title=TITLE, found="—", advice=NOBODY)
        return Finding(id="recogniser", state="ok", title=TITLE, found="—")
    who = settings.recogniser_url or f"Whisper base × {settings.recogniser_at_once}"
    if trouble := getattr(running, "trouble", ""):
        return Finding(id="recogniser", state="warning", title=TITLE, found=f"{who}: {trouble}", advice=TROUBLE)
    return Finding(id="recogniser", state="ok", title=TITLE, found=who)
