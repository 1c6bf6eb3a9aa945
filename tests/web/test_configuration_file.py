"""`otklik export`, `plan`, `apply` and `convert`: with a program that runs, and with nothing but its database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import PASSWORD, Databases
from tests.web.conftest import Site

from otklik import assembly
from otklik.assembly.folder import Premises, running_copy
from otklik.contact.ids import TenantId
from otklik.errors import AppError
from otklik.settings import Settings
from otklik.storage.engine import Database
from otklik.tenancy import store

LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[")


@dataclass
class Shell:
    """A command line: where it stands, what it printed."""

    settings: Settings
    target: assembly.Target
    folder: Path
    capsys: pytest.CaptureFixture[str]

    async def export(self, version: int | None = None) -> str:
        self.capsys.readouterr()
        assert await assembly.export(self.settings, self.target, version) == 0
        return self.said()[0]

    def said(self) -> tuple[str, str]:
        """Without the log of the server that runs in the same process."""
        out, err = self.capsys.readouterr()
        lines = (line for line in out.splitlines(keepends=True) if not LOGGED.match(line))
        return "".join(lines), err

    async def plan(self, text: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        status = await assembly.plan(self.settings, self.target, self.file(text))
        return status, *self.said()

    async def apply(self, text: str | None = None, version: int | None = None) -> tuple[int, str, str]:
        self.capsys.readouterr()
        file = self.file(text) if text is not None else None
        status = await assembly.apply(self.settings, self.target, file, version, "from a test")
        return status, *self.said()

    def file(self, text: str) -> Path:
        file = self.folder / "tenant.yaml"
        file.write_text(text)
        return file


@pytest.fixture(params=["running", "resting"])
async def shell(
    request: pytest.FixtureRequest,
    databases: Databases,
    address: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> AsyncIterator[Shell]:
    """The same commands must do the same in both cases; at the end the set-up is as it was."""
    settings = Settings(data_dir=tmp_path / "home", database_url=await databases.seeded())
    target = assembly.Target()
    if request.param == "running":
        target = assembly.Target(url=f"http://{address}", password=lambda: PASSWORD)
    made = Shell(settings, target, tmp_path, capsys)
    before = await made.export()
    yield made
    assert (await made.apply(before))[0] == 0


async def test_what_is_exported_can_be_applied_and_changes_nothing(shell: Shell) -> None:
    text = await shell.export()
    assert "login: anna" in text
    assert await shell.plan(text) == (0, "Изменений нет. / No changes.\n", "")


async def test_plan_shows_the_changes_and_apply_makes_them(shell: Shell) -> None:
    text = (await shell.export()).replace("name: Продажи", "name: Отдел продаж")
    expected = '~ queues.sales.name: "Продажи" → "Отдел продаж"\n'
    assert await shell.plan(text) == (0, expected, "")
    status, out, _ = await shell.apply(text)
    assert (status, out.startswith(expected)) == (0, True)
    assert await shell.export() == text


async def test_bad_file_is_refused_with_file_line_and_place_as_compilers_say_it(shell: Shell) -> None:
    before = await shell.export()
    broken = before.replace("queue: sales", "queue: nowhere", 1)
    line = next(number for number, each in enumerate(broken.splitlines(), 1) if "nowhere" in each)
    for status, out, err in (await shell.plan(broken), await shell.apply(broken)):
        assert status == 1
        assert out == ""
        assert f"tenant.yaml:{line}: scenarios[0].choices[0].queue: " in err
    assert await shell.export() == before


async def test_earlier_version_is_exported_and_applied_again(shell: Shell) -> None:
    first = await shell.export()
    status, out, _ = await shell.apply(first.replace("name: Продажи", "name: Ошибка"))
    version = int(out.rsplit("Version ", 1)[1].rstrip(".\n"))
    assert await shell.export(version - 1) == first
    assert (await shell.apply(version=version - 1))[0] == 0
    assert await shell.export() == first
    with pytest.raises(AppError) as refused:
        await shell.apply(version=999)
    assert refused.value.code == "config_no_version"


async def test_wrong_password_is_told_as_the_program_tells_it(
    site: Site, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = assembly.Target(url=f"http://{address}", login="nobody", password=lambda: "wrong")
    with pytest.raises(AppError) as refused:
        await assembly.export(Settings(data_dir=tmp_path), target, None)
    assert refused.value.code == "wrong_login"


async def test_program_that_runs_on_the_folder_is_found_and_one_that_was_killed_is_not(tmp_path: Path) -> None:
    assert running_copy(tmp_path) is None
    running = Premises.open(tmp_path)
    with pytest.raises(AppError) as starting:
        running_copy(tmp_path)
    assert starting.value.code == "data_folder_in_use"
    running.write_run({"url": "http://127.0.0.1:1"})
    assert running_copy(tmp_path) == {"url": "http://127.0.0.1:1"}
    left = (tmp_path / "run.json").read_text()
    running.close()
    (tmp_path / "run.json").write_text(left)
    assert running_copy(tmp_path) is None


async def test_demo_that_runs_needs_no_password(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Premises.open(tmp_path)
    logins = {"administrator": [{"login": "admin", "password": PASSWORD}]}
    home.write_run({"url": f"http://{address}", "logins": logins})
    assert await assembly.export(Settings(data_dir=tmp_path), assembly.Target(), None) == 0
    assert "login: anna" in capsys.readouterr().out
    home.close()


async def test_with_several_contact_centres_one_must_be_named(
    databases: Databases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = await databases.seeded()
    other = "0198c0de-0000-7000-8000-00000000000a"
    database = await Database.open(url)
    async with database.transaction(TenantId(other)) as connection:
        await store.add_tenant(connection, name="Second", provider="P", is_demo=False)
    await database.close()
    settings = Settings(data_dir=tmp_path, database_url=url)
    with pytest.raises(AppError) as refused:
        await assembly.export(settings, assembly.Target(), None)
    assert (refused.value.code, other in refused.value.message("en")) == ("which_tenant", True)
    assert await assembly.export(settings, assembly.Target(tenant=other), None) == 0
    assert capsys.readouterr().out == "format: 1\n"


async def test_holidays_and_tables_become_parts_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calendar = tmp_path / "days.ics"
    event = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20270107\nSUMMARY:Рождество\nEND:VEVENT"
    calendar.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{event}\nEND:VCALENDAR\n")
    assert await assembly.convert(calendar, "holidays") == 0
    assert capsys.readouterr().out == "holidays:\n  - date: '2027-01-07'\n    name: Рождество\n"
    table = tmp_path / "rules.csv"
    table.write_text("rule,to,target,days\nweekend,queue,duty,sat sun\n")
    assert await assembly.convert(table, "rules") == 0
    assert capsys.readouterr().out == (
        "rules:\n  - id: weekend\n    to:\n      queue: duty\n    when:\n      days:\n        - sat\n        - sun\n"
    )
    table.write_text("rule,to,target\nweekend,nowhere,x\n")
    assert await assembly.convert(table, "rules") == 1
    assert "rules.csv: line 2, to: " in capsys.readouterr().err
    with pytest.raises(AppError) as refused:
        await assembly.convert(tmp_path / "none.csv", "rules")
    assert refused.value.code == "file_unreadable"


def test_of_several_processes_on_a_folder_the_pages_have_the_address_and_the_killed_are_not_asked(
    tmp_path: Path,
) -> None:
    whole = Premises.open(tmp_path)
    with pytest.raises(AppError, match="data folder"):
        Premises.open(tmp_path, "web-1")
    whole.close()
    switchboard, pages = Premises.open(tmp_path, "switchboard-2"), Premises.open(tmp_path, "web-1")
    with pytest.raises(AppError, match="data folder"):
        Premises.open(tmp_path, "web-1")
    switchboard.write_run({"url": "http://127.0.0.1:2", "logins": {}})
    pages.write_run({"url": "http://127.0.0.1:1"})
    (tmp_path / "run-web-3.json").write_text('{"url": "http://127.0.0.1:3"}')
    assert running_copy(tmp_path) == {"url": "http://127.0.0.1:1", "logins": {}}
    switchboard.close()
    pages.close()
    assert running_copy(tmp_path) is None
    assert Premises.open(tmp_path, "web-4").secret("made-once") == Premises.open(tmp_path, "web-5").secret("made-once")


async def test_callbacks_where_there_is_no_way_out_are_warned_of_and_applied(shell: Shell) -> None:
    before = await shell.export()
    exits = "    exits: [{digit: '1', to: {callback: true}}]\n"
    wanted = before.replace("    name: Продажи\n", f"    name: Продажи\n{exits}", 1)
    line = next(number for number, each in enumerate(wanted.splitlines(), 1) if "callback" in each)
    status, _, err = await shell.plan(wanted)
    assert status == 0
    assert f"tenant.yaml:warning: {line}: queues[0].exits[0].to.callback: " in err
    assert "OTKLIK_TRUNK_OUT" in err
    assert (await shell.apply(wanted))[0] == 0
