"""What `otklik doctor` finds on this machine, what is missing, and what to do about it. Changes nothing.

A finding is `ok`, a `warning` (it runs, with less) or a `fault` (a part does not run). The database's own version and
settings are judged by `storage`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from otklik.embedded import asterisk_tree, mirrors, packages, ports, postgres_home, priority
from otklik.embedded.child import Command
from otklik.errors import Language

State = Literal["ok", "warning", "fault"]
Text = dict[Language, str]

LEAST_MEMORY_BYTES: Final = 1_000_000_000
LEAST_SPACE_BYTES: Final = 2_000_000_000
FETCH_SPACE_BYTES: Final = packages.NEEDED_BYTES
LANGUAGES: Final = ("ru", "en")
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge", "firefox", "firefox-esr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`found` is a fact without a language: a version, a path, a number."""

    id: str
    state: State
    title: Text
    found: str
    advice: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPort:
    address: str
    port: int
    kind: ports.Kind
    purpose: str
    setting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the installation asks of the machine. `own_pids`: processes of ours that may hold the ports already."""

    cache: Path
    data: Path
    url: str
    ports: Sequence[WantedPort]
    asterisk_is_external: bool = False
    database_is_external: bool = False
    own_pids: Collection[int] = ()


async def examine(setup: Setup) -> list[Finding]:
    """Everything, in the order in which a person should read it. Takes about 0.1 s."""
    return await asyncio.to_thread(_examine, setup)


def _examine(setup: Setup) -> list[Finding]:
    found: list[Finding] = []
    if not setup.asterisk_is_external:
        found += [asterisk(setup.cache), package_tools(setup.cache)]
    found.append(voices(asterisk_tree.find_espeak(setup.cache)))
    if not setup.database_is_external:
        found.append(postgres())
    found += [port(wanted, setup.own_pids) for wanted in setup.ports]
    return [*found, network(), memory(), processors(), space(setup.data, setup.cache), browser(setup.url)]


def asterisk(cache: Path) -> Finding:
    title: Text = {"ru": "Телефония: Asterisk", "en": "Telephony: Asterisk"}
    found = asterisk_tree.find(cache)
    if found is not None:
        return Finding(id="asterisk", state="ok", title=title, found=f"{found.version}, {found.place}")
    return Finding(
        id="asterisk",
        state="warning",
        title=title,
        found="—",
        advice={
            "ru": "Asterisk ещё не загружен: `otklik run` сам возьмёт его из подписанных пакетов системы (около 80 МБ,"
            " нужна сеть, права администратора не нужны).",
            "en": "Asterisk is not there yet: `otklik run` fetches it from the system's signed packages (about 80 MB;"
            " needs the network, but no administrator).",
        },
    )


def package_tools(cache: Path) -> Finding:
    """Can Asterisk be fetched? Tools, the tool that checks signatures, and an archive to fetch from."""
    title: Text = {"ru": "Пакеты системы", "en": "The system's packages"}
    missing = packages.missing_tools()
    needed = asterisk_tree.find(cache) is None
    bad: State = "fault" if needed else "ok"
    if missing:
        advice: Text = {
            "ru": "Этих программ нет, поэтому загрузить Asterisk нельзя. Поставьте Asterisk 22.5 или новее сами либо"
            " укажите свой в OTKLIK_ASTERISK_ARI_URL.",
            "en": "Without these programs Asterisk cannot be fetched. Install Asterisk 22.5 or later yourself, or name"
            " one of your own in OTKLIK_ASTERISK_ARI_URL.",
        }
        return Finding(id="packages", state=bad, title=title, found=f"− {', '.join(missing)}", advice=advice)
    places = packages.archives(mirrors.system())
    if not places:
        advice = {
            "ru": "В /etc/apt нет архива Debian или Ubuntu: добавьте его, иначе Asterisk не загрузить.",
            "en": "/etc/apt names no Debian or Ubuntu archive: add it, or Asterisk cannot be fetched.",
        }
        return Finding(id="packages", state=bad, title=title, found="/etc/apt: —", advice=advice)
    suites = ", ".join(dict.fromkeys(place.suite for place in places))
    return Finding(id="packages", state="ok", title=title, found=f"{places[0].source.uri} ({suites})")


def voices(espeak: Command | None) -> Finding:
    title: Text = {"ru": "Голоса для подсказок", "en": "Voices for prompts"}
    advice: Text = {
        "ru": "Без голоса меню не прозвучит: поставьте espeak-ng (он приходит и вместе с Asterisk).",
        "en": "Without a voice menus cannot be heard: install espeak-ng (it also comes with Asterisk).",
    }
    there = [language for language in LANGUAGES if espeak is not None and _speaks(espeak, language)]
    if len(there) == len(LANGUAGES):
        return Finding(id="voices", state="ok", title=title, found=f"espeak-ng: {', '.join(there)}")
    return Finding(id="voices", state="warning", title=title, found=", ".join(there) or "—", advice=advice)


def _speaks(espeak: Command, language: str) -> bool:
    words = [*espeak.argv, f"--voices={language}"]
    try:
        done = subprocess.run(words, env={**os.environ, **espeak.env}, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and len(done.stdout.splitlines()) > 1


def postgres() -> Finding:
    title: Text = {"ru": "База данных: PostgreSQL", "en": "Database: PostgreSQL"}
    folder = postgres_home.wheel_folder()
    if folder is not None:
        return Finding(id="postgres", state="ok", title=title, found=f"{postgres_home.version()}, {folder}")
    advice: Text = {
        "ru": "Для этой машины нет встроенного PostgreSQL: укажите свою базу в OTKLIK_DATABASE_URL (версия 18 и выше).",
        "en": "There is no embedded PostgreSQL for this machine: name a database of your own in OTKLIK_DATABASE_URL"
        " (version 18 or later).",
    }
    return Finding(id="postgres", state="fault", title=title, found=os.uname().machine, advice=advice)


def port(wanted: WantedPort, own_pids: Collection[int] = ()) -> Finding:
    name = f"{wanted.address}:{wanted.port}/{wanted.kind}"
    title: Text = {"ru": f"Порт: {wanted.purpose}", "en": f"Port: {wanted.purpose}"}
    mark = f"port_{wanted.port}_{wanted.kind}"
    if ports.is_free(wanted.address, wanted.port, wanted.kind):
        return Finding(id=mark, state="ok", title=title, found=name)
    holder = ports.holder(wanted.port, wanted.kind)
    if holder is not None and any(holder.endswith(f"({pid})") for pid in own_pids):
        return Finding(id=mark, state="ok", title=title, found=f"{name}: {holder}")
    advice: Text = {
        "ru": f"Порт занят другой программой. Освободите его или задайте другой в {wanted.setting}.",
        "en": f"Another program has this port. Free it, or set another one in {wanted.setting}.",
    }
    return Finding(id=mark, state="fault", title=title, found=f"{name}: {holder or '?'}", advice=advice)


def network() -> Finding:
    """Browsers send sound to an address of this machine other than loopback: Asterisk never offers that one."""
    title: Text = {"ru": "Сеть для звука в браузере", "en": "Network for sound in the browser"}
    own = addresses()
    if own:
        return Finding(id="network", state="ok", title=title, found=", ".join(own))
    advice: Text = {
        "ru": "У машины нет адреса, кроме 127.0.0.1: браузер не услышит звонок. Добавьте адрес, например:"
        " ip addr add 10.99.0.1/32 dev lo",
        "en": "This machine has no address but 127.0.0.1: a browser will not hear calls. Add one, for example:"
        " ip addr add 10.99.0.1/32 dev lo",
    }
    return Finding(id="network", state="warning", title=title, found="127.0.0.1", advice=advice)


def addresses() -> list[str]:
    """IPv4 addresses of this machine beyond loopback, from the kernel's routing table."""
    try:
        lines = Path("/proc/net/fib_trie").read_text().splitlines()
    except OSError:
        return []
    pairs = zip(lines, lines[1:], strict=False)
    found = (here.split()[-1] for here, below in pairs if "/32 host LOCAL" in below)
    return list(dict.fromkeys(address for address in found if not address.startswith("127.")))


def memory() -> Finding:
    title: Text = {"ru": "Память", "en": "Memory"}
    free = next(
        (int(line.split()[1]) * 1024 for line in _lines(Path("/proc/meminfo")) if line.startswith("MemAvailable")), 0
    )
    advice: Text = {
        "ru": "Свободно меньше 1 ГБ: при десятках одновременных звонков этого может не хватить.",
        "en": "Less than 1 GB is free: with dozens of calls at once this may not be enough.",
    }
    small = free < LEAST_MEMORY_BYTES
    return Finding(
        id="memory",
        state="warning" if small else "ok",
        title=title,
        found=f"{free / 1e9:.1f} GB",
        advice=advice if small else None,
    )


def processors() -> Finding:
    """Do rings go before whatever else the machine has to do?"""
    title: Text = {"ru": "Процессоры: звонки вперёд остального", "en": "Processors: rings before all else"}
    advice: Text = {
        "ru": "Работает и так. Если на этой машине есть и другая работа, разрешите программе быть впереди неё:"
        " LimitNICE=-10 в службе systemd либо `ulimit -e 30`.",
        "en": "It works without. If this machine has other work as well, allow the program to go before it:"
        " LimitNICE=-10 in the systemd service, or `ulimit -e 30`.",
    }
    first = priority.may_raise()
    nice = priority.NICE if first else 0
    found = f"{os.cpu_count()}, nice {nice}"
    return Finding(id="processors", state="ok", title=title, found=found, advice=None if first else advice)


def space(data: Path, cache: Path) -> Finding:
    title: Text = {"ru": "Место на диске", "en": "Disk space"}
    free = {folder: shutil.disk_usage(_existing(folder)).free for folder in (data, cache)}
    found = ", ".join(f"{folder}: {size / 1e9:.0f} GB" for folder, size in free.items())
    must_fetch = asterisk_tree.find(cache) is None
    if must_fetch and free[cache] < FETCH_SPACE_BYTES:
        state: State = "fault"
    else:
        state = "warning" if free[data] < LEAST_SPACE_BYTES else "ok"
    advice: Text = {
        "ru": "Мало места: запись разговоров занимает около 2 МБ в минуту, загрузка Asterisk — 0,7 ГБ на время.",
        "en": "Too little space: a recorded minute takes about 2 MB, fetching Asterisk takes 0.7 GB for a while.",
    }
    return Finding(id="space", state=state, title=title, found=found, advice=None if state == "ok" else advice)


def browser(url: str) -> Finding:
    """A page may use the microphone only over https or on localhost (W3C Secure Contexts)."""
    title: Text = {"ru": "Браузер оператора", "en": "The agent's browser"}
    parts = urlsplit(url)
    here = [name for name in BROWSERS if shutil.which(name)]
    found = f"{url} ({', '.join(here) or '—'})"
    if parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1"):
        return Finding(id="browser", state="ok", title=title, found=found)
    advice: Text = {
        "ru": "По этому адресу браузер не даст микрофон: нужен https (см. docs/how-to) либо страница на этой же машине,"
        " http://localhost. Подойдут Chrome, Edge или Firefox последних двух лет.",
        "en": "At this address the browser refuses the microphone: use https (see docs/how-to), or the page on this very"
        " machine, http://localhost. Chrome, Edge or Firefox of the last two years will do.",
    }
    return Finding(id="browser", state="warning", title=title, found=found, advice=advice)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []
