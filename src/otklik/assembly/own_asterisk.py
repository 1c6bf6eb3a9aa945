"""What an Asterisk of the installation's own lacks, asked of itself: `doctor` and the System screen tell it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from otklik.channels.voice.ami import AmiAddress
from otklik.channels.voice.tunes import CLASSES, SETUP_FILE, knows_classes
from otklik.contact.configuration import Configuration
from otklik.embedded.findings import Finding
from otklik.errors import Language, PeerError

_TITLE: Final[dict[Language, str]] = {"ru": "Музыка очередей в Asterisk", "en": "Music of queues in Asterisk"}


def ami_address(url: str) -> AmiAddress:
    """Of `OTKLIK_ASTERISK_AMI_URL`."""
    ami = urlsplit(url)
    return AmiAddress(
        host=ami.hostname or "",
        port=ami.port or 5038,
        user=unquote(ami.username or ""),
        password=unquote(ami.password or ""),
    )


async def music_finding(ami_url: str, folder: Path, set_up: Sequence[Configuration]) -> Finding:
    """`folder`: where the classes are written. A warning only where some queue has music of its own, which it would not play."""
    wanted = sorted({queue.name for each in set_up for queue in each.queues if queue.music is not None})
    which = ", ".join(wanted) or "—"
    line = f"#tryinclude {folder / CLASSES}"
    if not await asyncio.to_thread((folder / CLASSES).exists):
        return _finding(False, "? (otklik run)")  # nothing to include before the first start
    try:
        known = await knows_classes(ami_address(ami_url))
    except PeerError as error:
        return _finding(
            True,
            str(error.reason),
            f"Менеджер Asterisk (AMI) не отвечает: проверьте OTKLIK_ASTERISK_AMI_URL и manager.conf. Без него нет и записи разговоров, а есть ли в {SETUP_FILE} строка «{line}», не узнать.",
            f"Asterisk's manager (AMI) does not answer: look at OTKLIK_ASTERISK_AMI_URL and manager.conf. Without it nothing is recorded, and whether {SETUP_FILE} has the line “{line}” cannot be told.",
        )
    if known:
        return _finding(False, f"{SETUP_FILE}: {line}")
    return _finding(
        bool(wanted),
        f"{SETUP_FILE}: −",
        f'У очередей звучит обычная музыка вместо своей ({which}). Допишите в конец {SETUP_FILE} строку «{line}» и выполните `asterisk -rx "module reload res_musiconhold"`.',
        f'Queues play the usual music in place of their own ({which}). Put the line “{line}” at the end of {SETUP_FILE} and run `asterisk -rx "module reload res_musiconhold"`.',
    )


def _finding(lacks: bool, found: str, ru: str = "", en: str = "") -> Finding:
    advice: dict[Language, str] | None = {"ru": ru, "en": en} if ru else None
    return Finding(id="own_music", state="warning" if lacks else "ok", title=_TITLE, found=found, advice=advice)
