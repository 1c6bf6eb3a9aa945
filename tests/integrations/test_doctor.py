"""What `doctor` says of databases and services: those that can be asked, and what is the matter with the others."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from otklik.assembly.outer import outer_findings
from otklik.contact.configuration import Configuration
from otklik.contact.ids import TenantId
from otklik.contact.outside import Connection, Service
from otklik.settings import Settings


async def test_each_database_and_service_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table orders (number integer, state text)")
    shop.close()
    monkeypatch.setenv("OTKLIK_SECRET_SHOP", f"sqlite:///{tmp_path}/shop.db")
    (tmp_path / "FILE").write_text(f"sqlite:///{tmp_path}/none.db")
    sound = {"order": "select state from orders where number = :number"}
    set_up = Configuration(
        connections=(
            Connection(id="good", url_secret="SHOP", statements=sound),
            Connection(id="of_a_file", url_secret="FILE"),
            Connection(id="wrong", url_secret="SHOP", statements={"order": "select day from orders"}),
            Connection(id="nobody", url_secret="NONE"),
        ),
        services=(
            Service(id="gone", url="http://127.0.0.1:9"),
            Service(id="closed", url="http://127.0.0.1:9", secret_headers={"X-Key": "OTHER"}),
        ),
    )
    found = await outer_findings(Settings(secrets_dir=tmp_path), [(TenantId("acme"), set_up)])
    assert {each.id: (each.state, each.found) for each in found} == {
        "connection:good": ("ok", "1 SQL"),
        "connection:of_a_file": ("warning", "unreachable"),
        "connection:wrong": ("warning", "refused"),
        "connection:nobody": ("warning", "secret"),
        "service:gone": ("warning", "unreachable"),
        "service:closed": ("warning", "secret"),
    }
    nobody = next(each for each in found if each.id == "connection:nobody")
    assert nobody.advice is not None and "NONE" in nobody.advice["en"]
