"""The command line: run · doctor · migrate · export · plan · apply · convert · scenario · replay · why · retention · admin · openapi."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from otklik import __version__, assembly
from otklik.embedded.faults import Unavailable
from otklik.errors import AppError, Language, PeerError
from otklik.settings import Settings, SettingsFault, load

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Otklik, an open-source contact centre.",
)
admin = typer.Typer(no_args_is_help=True, help="Set things right from the command line.")
app.add_typer(admin, name="admin")
convert = typer.Typer(no_args_is_help=True, help="Print other formats as parts of the configuration.")
app.add_typer(convert, name="convert")
scenario = typer.Typer(no_args_is_help=True, help="Try scenarios without a telephone.")
app.add_typer(scenario, name="scenario")


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="Let simulated customers call, through Asterisk.")] = False,
    rate: Annotated[float, typer.Option("--rate", min=0, max=60, help="Simulated calls per minute.")] = 6.0,
    role: Annotated[
        assembly.Role | None,
        typer.Option("--role", help="Only this part, beside other processes that do the rest; all of it if left out."),
    ] = None,
) -> None:
    """Start everything, or one part of it, and serve until Ctrl-C."""
    if demo and role not in (None, "switchboard"):
        raise typer.BadParameter("Customers call the switchboard: give --demo to its process.", param_hint="--demo")
    settings, options = _settings(), assembly.RunOptions(demo_rate=rate if demo else None)
    raise typer.Exit(_guard(assembly.run_role(settings, role, options) if role else assembly.run(settings, options)))


@app.command()
def doctor() -> None:
    """Say what was found, what is missing, and what to do."""
    raise typer.Exit(_guard(assembly.doctor(_settings())))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema. `run` does it by itself."""
    raise typer.Exit(_guard(assembly.migrate(_settings())))


Url = Annotated[str | None, typer.Option("--url", help="Of a running program; this folder's own if left out.")]
Login = Annotated[str, typer.Option("--login", help="Whose rights to use with a running program.")]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Id of the contact centre, if there are several.")]


@app.command()
def export(
    version: Annotated[int | None, typer.Option("--version", help="An earlier version.")] = None,
    url: Url = None,
    login: Login = "admin",
    tenant: Tenant = None,
) -> None:
    """Print the whole configuration of a contact centre as YAML."""
    raise typer.Exit(_guard(assembly.export(_settings(), _target(url, login, tenant), version)))


@app.command()
def plan(file: Path, url: Url = None, login: Login = "admin", tenant: Tenant = None) -> None:
    """Say what FILE would change (+ ~ -) and what is wrong in it; changes nothing."""
    raise typer.Exit(_guard(assembly.plan(_settings(), _target(url, login, tenant), file)))


@app.command()
def apply(
    file: Annotated[Path | None, typer.Argument()] = None,
    version: Annotated[int | None, typer.Option("--version", help="An earlier version again, instead of FILE.")] = None,
    comment: Annotated[str, typer.Option("--comment", help="Why; kept with the version.")] = "",
    url: Url = None,
    login: Login = "admin",
    tenant: Tenant = None,
) -> None:
    """Make FILE the configuration, at once and without losing a contact, or refuse it with the place of each fault."""
    if (file is None) is (version is None):
        raise typer.BadParameter("Name a FILE or --version, one of them.")
    raise typer.Exit(_guard(assembly.apply(_settings(), _target(url, login, tenant), file, version, comment)))


@convert.command()
def holidays(file: Path) -> None:
    """Print the days of an iCalendar FILE as the `holidays` of a calendar."""
    raise typer.Exit(_guard(assembly.convert(file, "holidays")))


@convert.command()
def rules(file: Path) -> None:
    """Print a decision table in CSV as the `rules` of an entry point."""
    raise typer.Exit(_guard(assembly.convert(file, "rules")))


@scenario.command("test")
def scenario_test(file: Path) -> None:
    """Play the tests of the flows in FILE, say what does not hold and which exits no test takes. 1 if a test does not hold."""
    raise typer.Exit(_guard(assembly.test_scenarios(file)))


def _target(url: str | None, login: str, tenant: str | None) -> assembly.Target:
    return assembly.Target(url=url, login=login, tenant=tenant, password=_password)


def _password() -> str:
    """Empty if standard input is no terminal and says nothing: a demo's own is then known."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, default="", show_default=False, err=True))
    return sys.stdin.readline().strip()


@app.command()
def retention() -> None:
    """Drop the months of the event log that OTKLIK_LOG_KEEP_DAYS no longer keeps. `run` does it once a day."""
    raise typer.Exit(_guard(assembly.retention(_settings())))


@app.command()
def replay(
    day: Annotated[str, typer.Option("--day", help="YYYY-MM-DD in UTC; today if not given.")] = "",
    tenant: Annotated[str, typer.Option("--tenant", help="Only this tenant.")] = "",
) -> None:
    """Decide a stored day again and compare. The exit status is 1 if anything would be decided differently."""
    try:
        wanted = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise typer.BadParameter("must look like 2026-11-22", param_hint="--day") from error
    raise typer.Exit(_guard(assembly.replay(_settings(), wanted, tenant or None)))


@app.command()
def why(
    contact: str,
    at: Annotated[str, typer.Option("--at", help="Up to this number in the log, or: last.")] = "last",
    language: Annotated[str, typer.Option("--language", help="ru or en.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="As the HTTP interface answers.")] = False,
) -> None:
    """Say of CONTACT what happened, who was considered, and the rule that excluded each."""
    chosen: Language = "ru" if language == "ru" else "en"
    raise typer.Exit(_guard(assembly.why(_settings(), contact, at, chosen, as_json=as_json)))


@app.command()
def openapi() -> None:
    """Print the OpenAPI description of the HTTP interface."""
    print(json.dumps(assembly.openapi(), ensure_ascii=False, indent=2))


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)


@admin.command()
def password(login: str) -> None:
    """Set a new password for LOGIN; it is asked for, or read from standard input."""
    secret = typer.prompt("New password", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().strip()
    raise typer.Exit(_guard(assembly.set_password(_settings(), login, secret)))


@admin.command()
def recount(
    tenant: Annotated[str, typer.Option("--tenant", help="Only this tenant.")] = "",
) -> None:
    """Write agents' working time from the event log, for shifts from before this version. What is there stays."""
    raise typer.Exit(_guard(assembly.recount_time(_settings(), tenant or None)))


def _settings() -> Settings:
    try:
        return load()
    except SettingsFault as fault:
        print(f"Settings are wrong / Ошибки в настройках:\n{fault}", file=sys.stderr)
        raise typer.Exit(2) from fault


def _guard(work: object) -> int:
    import uvloop

    try:
        return int(uvloop.run(work))  # type: ignore[arg-type]  # each caller passes a coroutine returning int
    except AppError as error:
        print(f"\n{error.message('ru')}\n{error.message('en')}", file=sys.stderr)
        return 1
    except Unavailable as error:
        print(f"\n{error.message('ru')}\n{error.message('en')}", file=sys.stderr)
        return 1
    except PeerError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
