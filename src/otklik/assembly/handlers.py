"""Processes of Python handlers, and what `doctor` and the System screen say of how far they are confined here."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault
from otklik.contact.handler import Handler
from otklik.contact.ids import QueueId, TenantId
from otklik.embedded.findings import Finding
from otklik.errors import Language
from otklik.integrations.handlers.confinement import HOLDS
from otklik.integrations.handlers.outside import NEEDED, ConfinedHandlers, holds
from otklik.scenario.handler_rehearsal import Confined, judge_handler, tested_handlers
from otklik.scenario.rehearsal import Verdict

_WORDS: dict[str, dict[Language, str]] = {
    "parent": {"ru": "кончается вместе с программой", "en": "ends with the program"},
    "memory": {"ru": "память, процессы, файлы по счёту", "en": "memory, processes, files by count"},
    "user": {"ru": "другой пользователь", "en": "another user"},
    "network": {"ru": "без сети", "en": "no network"},
    "files": {"ru": "без файлов (Landlock)", "en": "no files (Landlock)"},
    "calls": {"ru": "короткий список системных вызовов (seccomp)", "en": "a short list of system calls (seccomp)"},
}


_HELD: list[frozenset[str]] = []
"""Once found out: a kernel does not change while it runs."""


def confined_handlers() -> ConfinedHandlers:
    return ConfinedHandlers()


def rehearsed_handlers() -> ConfinedHandlers:
    """For test calls: apart from those of real ones."""
    return ConfinedHandlers(newest_alone=True)


async def failing_handlers(tenant: TenantId, wanted: Configuration, before: Configuration) -> list[Fault]:
    """The tests that do not hold, of what is not as before; where no program runs."""
    handlers = confined_handlers()
    try:
        return await tested_handlers(wanted, lambda each: Confined(handlers, tenant, each, count(1)), before)
    finally:
        await handlers.close()


async def handler_verdicts(handler: Handler, queues: Iterable[QueueId]) -> list[Verdict]:
    handlers = confined_handlers()
    try:
        return await judge_handler(handler, queues, Confined(handlers, TenantId(""), handler, count(1)))
    finally:
        await handlers.close()


async def handlers_finding(used: bool) -> Finding:
    """`used`: some tenant has a scenario in Python."""
    title: dict[Language, str] = {"ru": "Изоляция сценариев на Python", "en": "Confinement of Python scenarios"}
    if not _HELD:
        _HELD.append(await holds())
    held = _HELD[0]
    lacking = [each for each in HOLDS if each not in held]
    found = ", ".join(f"{'+' if each in held else '−'} {_WORDS[each]['en']}" for each in HOLDS)
    if not lacking:
        return Finding(id="handlers", state="ok", title=title, found=found)
    refused = [each for each in lacking if each in NEEDED]
    told: dict[Language, str] = {
        language: ", ".join(_WORDS[each][language] for each in lacking) for language in ("ru", "en")
    }
    if refused:
        advice: dict[Language, str] = {
            "ru": f"Ядро не даёт изолировать: {told['ru']}. Сценарии на Python здесь не выполняются, их звонки идут в очередь"
            " otherwise. Нужно ядро 5.13 или новее с Landlock и seccomp.",
            "en": f"The kernel does not allow: {told['en']}. Python scenarios are not run here, their calls go to the queue"
            " otherwise. A kernel of 5.13 or later with Landlock and seccomp is needed.",
        }
        return Finding(id="handlers", state="fault" if used else "warning", title=title, found=found, advice=advice)
    advice = {
        "ru": f"Держится остальное, но не это: {told['ru']}. Работает и так.",
        "en": f"All else holds, but not this: {told['en']}. It works without.",
    }
    return Finding(id="handlers", state="warning" if used else "ok", title=title, found=found, advice=advice)
