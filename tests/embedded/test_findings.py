"""Doctor: what is there is named, what is missing comes with advice in both languages."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from otklik.embedded import findings, postgres_home
from otklik.embedded.asterisk import AsteriskFound
from otklik.embedded.findings import Finding, Setup, WantedPort
from tests.product import free_port


def wanted(port: int) -> WantedPort:
    return WantedPort(address="127.0.0.1", port=port, kind="udp", purpose="SIP", setting="OTKLIK_SIP_PORT")


def by_id(found: list[Finding]) -> dict[str, Finding]:
    assert len({finding.id for finding in found}) == len(found)
    return {finding.id: finding for finding in found}


async def test_a_healthy_machine_has_no_faults(found: AsteriskFound, cache: Path, tmp_path: Path) -> None:
    port = free_port()
    setup = Setup(cache=cache, data=tmp_path / "not/yet", url="http://localhost:8800", ports=[wanted(port)])
    seen = by_id(await findings.examine(setup))
    assert {finding.state for finding in seen.values()} == {"ok"}
    assert seen["asterisk"].found.startswith(found.version)
    assert seen["voices"].found == "espeak-ng: ru, en"
    assert seen["postgres"].found.startswith("18.")
    assert seen[f"port_{port}_udp"].found == f"127.0.0.1:{port}/udp"


async def test_a_bare_machine_is_told_what_happens_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    seen = by_id(await findings.examine(Setup(cache=tmp_path, data=tmp_path, url="http://10.0.0.5:8800", ports=[])))
    assert {name: seen[name].state for name in ("asterisk", "packages", "voices", "browser")} == {
        "asterisk": "warning",
        "packages": "fault",
        "voices": "warning",
        "browser": "warning",
    }
    assert "apt-get" in seen["packages"].found
    for finding in seen.values():
        assert finding.state == "ok" or (finding.advice is not None and all(finding.advice.values()))


async def test_own_database_and_asterisk_of_the_installation_are_not_asked_of_the_machine(tmp_path: Path) -> None:
    setup = Setup(
        cache=tmp_path,
        data=tmp_path,
        url="https://centre.example",
        ports=[],
        asterisk_is_external=True,
        database_is_external=True,
    )
    assert not by_id(await findings.examine(setup)).keys() & {"asterisk", "packages", "postgres"}


def test_a_taken_port_names_its_holder_and_the_setting() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = int(other.getsockname()[1])
        taken = findings.port(wanted(port))
        assert taken.state == "fault"
        assert taken.found.endswith(f"({os.getpid()})")
        assert taken.advice is not None
        assert "OTKLIK_SIP_PORT" in taken.advice["ru"]
        assert findings.port(wanted(port), own_pids=[os.getpid()]).state == "ok"


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("http://localhost:8800", "ok"),
        ("http://127.0.0.1", "ok"),
        ("https://centre.example", "ok"),
        ("http://192.0.2.7:8800", "warning"),
    ],
)
def test_a_page_that_may_not_use_the_microphone_is_warned_of(url: str, state: str) -> None:
    assert findings.browser(url).state == state


def test_a_missing_wheel_of_the_database_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_home, "WHEEL", "no_such_wheel")
    missing = findings.postgres()
    assert missing.state == "fault"
    assert missing.advice is not None
    assert "OTKLIK_DATABASE_URL" in missing.advice["en"]
