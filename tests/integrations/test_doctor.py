"""What `doctor` says of databases and services: those that can be asked, and what is the matter with the others."""

from __future__ import annotations

import sqlite3
from io import StringIO
from pathlib import Path

import pytest
from obstore.store import MemoryStore
from uuid_utils.compat import uuid7

from otklik.assembly.outer import outer_findings
from otklik.assembly.program import findings
from otklik.assembly.report import Progress
from otklik.assembly.telephony import Telephony
from otklik.contact.configuration import Configuration
from otklik.contact.ids import TenantId
from otklik.contact.outside import Connection, Service
from otklik.settings import Settings
from otklik.storage.engine import Database
from otklik.tenancy import store as tenancy


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


async def test_whoever_looks_is_told_of_the_own_tenants_systems_alone_and_doctor_of_all(
    database: Database, tmp_path: Path
) -> None:
    ours, theirs = (TenantId(str(uuid7())) for _ in range(2))
    for tenant, name in ((ours, "our_shop"), (theirs, "their_shop")):
        async with database.transaction(tenant) as connection:
            await tenancy.add_tenant(connection, name=name, provider="", is_demo=False)
            await tenancy.save_configuration(
                connection, Configuration(connections=(Connection(id=name, url_secret="NONE"),))
            )
    settings = Settings(data_dir=tmp_path, secrets_dir=tmp_path, telephony="off")
    telephony = Telephony(settings, tmp_path, MemoryStore(), None, Progress(StringIO()))
    for looking, told in ((ours, {"connection:our_shop"}), (None, {"connection:our_shop", "connection:their_shop"})):
        found = await findings(settings, None, telephony, database, tenant=looking)
        assert {each.id for each in found if each.id.startswith("connection:")} == told
    await telephony.stop()
