"""The command line: run · doctor · migrate · admin · openapi."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from otklik import __version__, assembly
from otklik.embedded.faults import Unavailable
from otklik.errors import AppError, PeerError
from otklik.settings import Settings, SettingsFault, load

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Otklik, an open-source contact centre.",
)
admin = typer.Typer(no_args_is_help=True, help="Set things right from the command line.")
app.add_typer(admin, name="admin")


@app.command()
def run(
    demo: Annotated[bool, typer.Option("--demo", help="Let simulated customers call, through Asterisk.")] = False,
    rate: Annotated[float, typer.Option("--rate", min=0, max=60, help="Simulated calls per minute.")] = 6.0,
) -> None:
    """Start everything and serve until Ctrl-C."""
    settings = _settings()
    raise typer.Exit(_guard(assembly.run(settings, assembly.RunOptions(demo_rate=rate if demo else None))))


@app.command()
def doctor() -> None:
    """Say what was found, what is missing, and what to do."""
    raise typer.Exit(_guard(assembly.doctor(_settings())))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema. `run` does it by itself."""
    raise typer.Exit(_guard(assembly.migrate(_settings())))


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
