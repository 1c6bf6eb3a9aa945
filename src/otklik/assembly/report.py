"""What the person at the terminal sees, and `run.json` for scripts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from otklik import __version__
from otklik.assembly.demo import Demo
from otklik.contact.configuration import Configuration, Queue
from otklik.embedded.findings import Finding
from otklik.errors import Language
from otklik.settings import Settings
from otklik.storage.fitness import check as check_database

MARKS = {"ok": "✓", "warning": "!", "fault": "✗"}


class Progress:
    """Lines for a terminal or a file; a percentage is rewritten in place on a terminal only."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._shown_at = 0.0
        self._open = False

    def line(self, text: str) -> None:
        self._close()
        self._out.write(f"{text}\n")
        self._out.flush()

    def step(self, text: str, share: float | None) -> None:
        """`share` is 0..1, or None when it cannot be told."""
        now = time.monotonic()
        if now - self._shown_at < (0.1 if self._terminal else 2.0) and share not in (None, 1.0):
            return
        self._shown_at = now
        percent = "" if share is None else f" {share:4.0%}"
        if self._terminal:
            self._out.write(f"\r\x1b[K{text}{percent}")
            self._open = True
        else:
            self._out.write(f"{text}{percent}\n")
        self._out.flush()

    def _close(self) -> None:
        if self._open:
            self._out.write("\n")
            self._open = False

    def ready(self, settings: Settings, demo: Demo | None, rate: float | None, run_file: Path, seconds: float) -> None:
        self.line(f"\nОтклик готов за {seconds:.1f} с / Otklik is ready in {seconds:.1f} s\n")
        self.line(f"  {url(settings)}\n")
        if demo is not None:
            for text in demo_lines(settings, demo):
                self.line(text)
        if rate is not None:
            self.line(f"  Демо: звонят ненастоящие клиенты / simulated customers call: {rate:g}/min\n")
        self.line(f"  Всё это для программ / all this for scripts: {run_file}")
        self.line("  Ctrl-C — остановить / to stop\n")


def url(settings: Settings) -> str:
    shown = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
    host = "localhost" if settings.http_host in ("127.0.0.1", "0.0.0.0", "::1", "::") else shown
    return settings.public_url or f"http://{host}:{settings.http_port}"


def sip_host(settings: Settings) -> str:
    return settings.public_address or "127.0.0.1"


def sip_server(settings: Settings) -> str:
    """Where telephones register; an Asterisk of the installation's own is known to its administrator."""
    return "" if settings.asterisk_ari_url else f"{sip_host(settings)}:{settings.sip_port}"


def demo_lines(settings: Settings, demo: Demo) -> list[str]:
    lines = ["  Вход / sign in:"]
    lines += [f"    {p.login:<8} {demo.password:<14} {p.name}, {p.role}" for p in demo.seed.people]
    lines.append("\n  Позвоните / call:")
    lines += [f"    sip:{n.number}@{sip_host(settings)}:{settings.sip_port}   {n.title}" for n in demo.seed.numbers]
    lines.append("\n  SIP-телефон / desk phone:")
    lines += [f"    {a.user} / {a.password} @ {sip_host(settings)}:{settings.sip_port} (UDP)\n" for a in demo.phones]
    return lines


def description(settings: Settings, processes: dict[str, int | None], demo: Demo | None) -> dict[str, object]:
    """`run.json`: documented in docs/reference/run-json.md."""
    first, last = settings.rtp_range
    about: dict[str, object] = {
        "version": __version__,
        "url": url(settings),
        "http_port": settings.http_port,
        "sip": {"address": sip_host(settings), "port": settings.sip_port, "transports": ["udp", "tcp"]},
        "rtp_ports": {"first": first, "last": last},
        "data_dir": str(settings.data_dir),
        "processes": processes,
    }
    if demo is None:
        return about
    logins: dict[str, list[dict[str, str]]] = {}
    for person in demo.seed.people:
        entry = {"login": person.login, "password": demo.password, "name": person.name, "language": person.language}
        logins.setdefault(person.role, []).append(entry)
    accounts = [
        {
            "user": phone.user,
            "password": phone.password,
            "host": sip_host(settings),
            "port": settings.sip_port,
            "transport": "udp",
            "purpose": phone.name,
        }
        for phone in demo.phones
    ]
    numbers = [{"number": number.number, "leads_to": number.title} for number in demo.seed.numbers]
    return about | {"numbers": numbers, "sip_accounts": accounts, "logins": logins}


async def database_findings(database_url: str | None) -> list[Finding]:
    """Version and ctype of an external database; the embedded one is made right and checked at every start."""
    if database_url is None:
        return []
    faults = await check_database(database_url)
    title: dict[Language, str] = {"ru": "База данных", "en": "Database"}
    if not faults:
        return [Finding(id="database", state="ok", title=title, found="PostgreSQL ≥ 18, UTF-8", advice=None)]
    return [
        Finding(
            id=fault.code,
            state="fault",
            title=title,
            found=fault.code,
            advice={"ru": fault.message("ru"), "en": fault.message("en")},
        )
        for fault in faults
    ]


def calls_out_finding(trunk: str | None, set_up: Sequence[Configuration]) -> Finding:
    """Is there a trunk, where customers are to be called back?"""
    title: dict[Language, str] = {"ru": "Исходящие звонки", "en": "Calls out"}
    wanted = {place.name for each in set_up for place in each.queues if _calls_back(place)}
    if trunk is not None or not wanted:
        return Finding(id="calls_out", state="ok", title=title, found=trunk or "—", advice=None)
    return Finding(
        id="calls_out",
        state="warning",
        title=title,
        found=", ".join(sorted(wanted)),
        advice={
            "ru": "В этих очередях настроен перезвон, а звонить некуда: укажите внешнюю линию в OTKLIK_TRUNK_OUT. До"
            " тех пор клиенты слышат, что перезвонить нельзя, и ждут дальше.",
            "en": "These queues are set up for callbacks, but there is no way out: name a trunk in OTKLIK_TRUNK_OUT."
            " Until then customers hear that they cannot be called back, and go on waiting.",
        },
    )


def _calls_back(queue: Queue) -> bool:
    ways = [*(each.to for each in queue.exits), *([queue.otherwise] if queue.otherwise is not None else [])]
    return any(to.callback for to in ways)


def parts_finding(parts: Sequence[tuple[str, str]]) -> Finding:
    """Of several processes: (role, where it runs) of those that are there."""
    title: dict[Language, str] = {"ru": "Процессы", "en": "Processes"}
    missing = [role for role in ("switchboard", "web", "jobs") if role not in {found for found, _ in parts}]
    words = " ".join(f"`otklik run --role {role}`" for role in missing)
    return Finding(
        id="processes",
        state="fault" if "switchboard" in missing else "warning" if missing else "ok",
        title=title,
        found=", ".join(f"{role} {where}" for role, where in sorted(parts)) or "—",
        advice={"ru": f"Не запущено: {words}", "en": f"Not running: {words}"} if missing else None,
    )


def print_findings(found: list[Finding]) -> None:
    for finding in found:
        print(f"{MARKS[finding.state]} {finding.title['ru']} / {finding.title['en']}: {finding.found}")
        if finding.advice is not None and finding.state != "ok":
            print(f"    {finding.advice['ru']}\n    {finding.advice['en']}")
