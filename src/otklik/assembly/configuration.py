"""`otklik export`, `plan` and `apply`: through the running program's HTTP interface, else straight through the store."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from otklik.assembly.folder import running_copy
from otklik.assembly.handlers import failing_handlers
from otklik.assembly.program import opened
from otklik.assembly.recognisers import lacks
from otklik.contact.configuration import Configuration
from otklik.contact.ids import TenantId
from otklik.errors import AppError, Language, PeerError
from otklik.settings import Settings
from otklik.storage.engine import Database
from otklik.tenancy import store
from otklik.tenancy.decision_table import rules
from otklik.tenancy.document import Accounts, Unfit
from otklik.tenancy.ical import holidays
from otklik.tenancy.plan import Change
from otklik.tenancy.revision import Revision, Told, back_to, beside, fragment, revise, text_of

TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whose set-up. `url`, `login` and `password` (asked only if needed) for a program that runs; `tenant` (an id) for
    one that does not, if there are several."""

    url: str | None = None
    login: str = "admin"
    password: Callable[[], str] = str
    tenant: str | None = None


async def export(settings: Settings, target: Target, version: int | None) -> int:
    """Prints the set-up."""
    async with _premises(settings, target) as where:
        print(await where.text(version), end="")
    return 0


async def plan(settings: Settings, target: Target, file: Path) -> int:
    """Prints what would change; 1 if the file cannot be applied."""
    text = read_text(file)
    async with _premises(settings, target) as where:
        revision = await where.plan(text)
    _print(revision, file)
    return 1 if _wrong(revision) else 0


async def apply(settings: Settings, target: Target, file: Path | None, version: int | None, comment: str) -> int:
    """A file, or an earlier version again. Prints what changed; 1 if nothing was applied."""
    text = read_text(file) if file is not None else None
    async with _premises(settings, target) as where:
        if text is not None:
            revision = await where.plan(text)
            if _wrong(revision):
                _print(revision, file)
                return 1
        made, revision = await where.apply(text, version, comment)
    _print(revision, file)
    print(f"Версия {made}. / Version {made}.")
    return 0


def read_text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AppError("file_unreadable", file=str(file), reason="UTF-8?") from error


def _bytes(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise AppError("file_unreadable", file=str(file), reason=error.strerror or str(error)) from error


def _wrong(revision: Revision) -> bool:
    return any(not told.warning for told in revision.told)


def _print(revision: Revision, file: Path | None) -> None:
    """Faults as compilers tell them, so that editors find the line."""
    for told in revision.told:
        mark = "warning: " if told.warning else ""
        print(f"{file or ''}:{mark}{told}" if file else f"{mark}{told}", file=sys.stderr)
    for change in revision.changes:
        print(change)
    if not revision.changes and not _wrong(revision):
        print("Изменений нет. / No changes.")


@asynccontextmanager
async def _premises(settings: Settings, target: Target) -> AsyncIterator[_Running | _Resting]:
    found = {} if target.url is not None else running_copy(settings.data_dir)
    if found is not None:
        running = _Running(target.url or str(found["url"]))
        password = target.password() or _demo_password(found, target.login)
        await asyncio.to_thread(running.sign_in, target.login, password)
        try:
            yield running
        finally:
            await asyncio.to_thread(running.sign_out)
        return
    async with opened(settings, sys.stderr) as url:
        database = await Database.open(url)
        try:
            yield _Resting(database, await _only_tenant(database, target.tenant), settings)
        finally:
            await database.close()


def _demo_password(found: dict[str, Any], login: str) -> str:
    """`run.json` of a demo says it."""
    people = (person for role in found.get("logins", {}).values() for person in role)
    return next((str(person["password"]) for person in people if person["login"] == login), "")


async def _only_tenant(database: Database, wanted: str | None) -> TenantId:
    async with database.lookup() as connection:
        known = await store.tenants(connection)
    found = [tenant for tenant in known if wanted in (None, tenant)]
    if len(found) != 1:
        raise AppError("which_tenant", 404, tenants=", ".join(known) or "—")
    return found[0]


def spoken_language() -> Language:
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return "ru" if said.lower().startswith("ru") else "en"


class _Resting:
    """Nothing runs: the store itself. The next start takes the newest version."""

    def __init__(self, database: Database, tenant: TenantId, settings: Settings) -> None:
        self._database = database
        self._tenant = tenant
        self._language = spoken_language()
        self._lacks = lacks(settings)

    async def text(self, version: int | None) -> str:
        _, found, accounts = await self._version(version)
        return text_of(found, accounts)

    async def plan(self, text: str) -> Revision:
        _, current, accounts = await self._version(None)
        return revise(text, current, accounts, self._language, lacks=self._lacks)

    async def apply(self, text: str | None, version: int | None, comment: str) -> tuple[int, Revision]:
        newest, current, accounts = await self._version(None)
        if text is not None:
            revision = revise(text, current, accounts, self._language, lacks=self._lacks)
        else:
            earlier = (await self._version(version))[1]
            revision = back_to(earlier, current, accounts, self._language, lacks=self._lacks)
            comment = comment or f"← {version}"
        if revision.wanted is not None:
            failing = await failing_handlers(self._tenant, revision.wanted, current)
            revision = beside(revision, failing, self._language)
        wanted = revision.fit()
        if not revision.changes:
            return newest, revision
        async with self._database.transaction(self._tenant) as connection:
            return await store.save_configuration(connection, wanted, comment=comment), revision

    async def _version(self, version: int | None) -> tuple[int, Configuration, Accounts]:
        async with self._database.transaction(self._tenant) as connection:
            found = await store.configuration_version(connection, version)
            accounts = await store.accounts(connection)
        if found is None and version is not None:
            raise AppError("config_no_version", 404, version=version)
        return (found[0].number, found[1], accounts) if found else (0, Configuration(), accounts)


class _Running:
    """The HTTP interface, as its documentation has it."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        )
        self._version = 0

    def sign_in(self, login: str, password: str) -> None:
        self._ask("POST", "/api/session", {"login": login, "password": password})

    def sign_out(self) -> None:
        try:
            self._ask("DELETE", "/api/session")
        except (AppError, PeerError):
            pass  # the session ends by itself

    async def text(self, version: int | None) -> str:
        query = f"?version={version}" if version is not None else ""
        found = await asyncio.to_thread(self._ask, "GET", f"/api/configuration{query}")
        return str(found["text"])

    async def plan(self, text: str) -> Revision:
        found = await asyncio.to_thread(self._ask, "POST", "/api/configuration/plan", {"text": text})
        self._version = found["version"]
        return _revision(found)

    async def apply(self, text: str | None, version: int | None, comment: str) -> tuple[int, Revision]:
        if text is not None:
            body: dict[str, object] = {"text": text, "comment": comment}
            found = await asyncio.to_thread(self._ask, "PUT", "/api/configuration", body)
        else:
            self._version = (await asyncio.to_thread(self._ask, "GET", "/api/configuration"))["version"]
            body = {"version": version, "comment": comment}
            found = await asyncio.to_thread(self._ask, "POST", "/api/configuration/rollback", body)
        return found["version"], _revision(found)

    def _ask(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        """Raises what the program refuses with as the `AppError` it is."""
        headers = {"Content-Type": "application/json", "X-Otklik": "1", "If-Match": f'"{self._version}"'}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}{path}", content, headers, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise _refusal(error) from error
        except (OSError, ValueError) as error:
            raise PeerError("otklik", f"{self._url}: {error}", retryable=True) from error


def _refusal(error: urllib.error.HTTPError) -> AppError | PeerError:
    try:
        told = json.loads(error.read())["error"]
        data = {key: value for key, value in told.items() if key not in ("code", "message", "field")}
        return AppError(told["code"], error.code, field=told["field"], **data)
    except (ValueError, KeyError, TypeError):
        return PeerError("otklik", f"HTTP {error.code}", retryable=False)


def _revision(found: Any) -> Revision:
    return Revision(
        wanted=None,
        changes=[Change(**change) for change in found["changes"]],
        told=[Told(**fault) for fault in found["faults"]],
    )


async def convert(file: Path, kind: Literal["holidays", "rules"]) -> int:
    """Prints the part of the configuration that the file is; 1 with everything that is wrong in it."""
    content = _bytes(file)
    try:
        part = fragment(holidays=holidays(content)) if kind == "holidays" else fragment(rules=rules(content))
    except Unfit as unfit:
        for fault in unfit.faults:
            print(f"{file}: {fault.place}: {fault.message(spoken_language())}", file=sys.stderr)
        return 1
    print(part, end="")
    return 0
