"""Signing in and out: who is let in, what is said to those who are not, and how a session ends."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from sqlalchemy import text
from tests.conftest import PASSWORD
from tests.web.conftest import Site, at_desk, refusal, until

from otklik.tenancy.api import standing_sessions
from otklik.tenancy.attempts import FREE_PER_LOGIN
from otklik.tenancy.password import token_hash
from otklik.web.session import CHECK_SECONDS, SessionEnds


async def test_person_who_signs_in_is_told_who_they_are(site: Site) -> None:
    async with site.client() as client:
        answer = await client.post("/api/session", json={"login": " Anna ", "password": PASSWORD})
        anna = await site.person("anna")
        assert answer.status_code == 200
        me = answer.json()
        assert {"action": "mute", "key": "M", "usual": "M"} in me.pop("keys")
        assert me == {
            "person": {
                "id": anna,
                "login": "anna",
                "name": "Анна Смирнова",
                "role": "agent",
                "language": "ru",
                "theme": "system",
            },
            "tenant": {"id": site.tenant, "name": "Отклик Демо"},
            "permissions": ["customers.edit", "desk.use", "recordings.play_own"],
            "agent_id": anna,
            "single_keys": True,
        }
        assert (await client.get("/api/session")).json() == answer.json()


async def test_supervisor_has_no_agent(site: Site) -> None:
    async with site.signed_in("olga", fresh=True) as client:
        me = (await client.get("/api/session")).json()
    assert me["agent_id"] is None
    assert me["permissions"] == [
        "agents.direct",
        "calls.join",
        "contacts.give",
        "contacts.read_all",
        "customers.edit",
        "demo.control",
        "incident.switch",
        "recordings.play_all",
    ]


async def test_cookie_is_for_this_site_and_no_script(site: Site) -> None:
    async with site.client() as client:
        answer = await client.post("/api/session", json={"login": "anna", "password": PASSWORD})
    (cookie,) = answer.headers.get_list("set-cookie")
    name, *properties = cookie.split("; ")
    assert name.startswith("otklik_session=")
    assert set(properties) == {"HttpOnly", "Max-Age=86400", "Path=/", "SameSite=strict"}


async def test_token_itself_is_nowhere_in_the_database(site: Site) -> None:
    async with site.signed_in("anna", fresh=True) as client:
        token = client.cookies["otklik_session"]
        found = await site.scalar("select count(*) from session where encode(token_hash, 'escape') like :t", t=token)
        assert found == 0


async def test_wrong_password_and_unknown_login_get_the_same_answer_after_the_same_work(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown login that is answered without a hash is known by how quick the answer is."""
    verify, worked = PasswordHasher.verify, list[Parameters]()

    def counted(hasher: PasswordHasher, kept: str, password: str) -> bool:
        worked.append(extract_parameters(kept))
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    bodies = {}
    async with site.client(address="10.1.0.1") as client:
        for login in "anna", "nobody":
            answer = await client.post("/api/session", json={"login": login, "password": "wrong"})
            assert refusal(answer) == (401, "wrong_login")
            bodies[login] = answer.json()
    assert bodies["anna"] == bodies["nobody"]
    known, unknown = worked
    assert known == unknown


async def test_after_some_wrong_passwords_even_the_right_one_must_wait(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(site.app.state._state, "clock", lambda: 1000.0)
    async with site.client(address="10.2.0.1") as client:
        for _ in range(FREE_PER_LOGIN):
            assert refusal(await client.post("/api/session", json={"login": "kate", "password": "no"}))[0] == 401
        late = await client.post("/api/session", json={"login": "kate", "password": PASSWORD})
    assert refusal(late) == (429, "too_many_attempts")
    assert late.json()["error"]["seconds"] == int(late.headers["retry-after"]) >= 1
    async with site.client(address="10.2.0.2") as elsewhere:
        answer = await elsewhere.post("/api/session", json={"login": "kate", "password": PASSWORD})
        assert answer.status_code == 200, "nobody locks a colleague out from another address"


async def test_many_guesses_at_once_do_not_slip_through(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(site.app.state._state, "clock", lambda: 2000.0)
    async with site.client(address="10.3.0.1") as client:
        answers = await asyncio.gather(
            *(client.post("/api/session", json={"login": "boris", "password": f"guess{n}"}) for n in range(20))
        )
    assert sorted(answer.status_code for answer in answers) == [401] * FREE_PER_LOGIN + [429] * (20 - FREE_PER_LOGIN)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "x"}, "login"),
        ({"login": "anna"}, "password"),
        ({"login": "", "password": "x"}, "login"),
        ({"login": "an\x00na", "password": "x"}, "login"),
        ({"login": "anna", "password": "x" * 10_000}, "password"),
        ({"login": ["anna"], "password": "x"}, "login"),
        ("anna", "body"),
    ],
)
async def test_bad_input_names_the_field(site: Site, body: object, field: str) -> None:
    async with site.client() as client:
        answer = await client.post("/api/session", json=body)
    assert refusal(answer) == (400, "invalid_input")
    assert answer.json()["error"]["field"] == field
    assert field in answer.json()["error"]["message"]


async def test_nobody_is_signed_in_without_a_cookie_or_with_a_made_up_one(site: Site) -> None:
    async with site.client() as client:
        assert refusal(await client.get("/api/session")) == (401, "not_signed_in")
        client.cookies.set("otklik_session", "made-up")
        assert refusal(await client.get("/api/session")) == (401, "not_signed_in")


async def test_signing_out_ends_this_session_only(site: Site) -> None:
    async with site.signed_in("olga", fresh=True) as here, site.signed_in("olga", fresh=True) as there:
        token = here.cookies["otklik_session"]
        assert (await here.delete("/api/session")).status_code == 204
        assert "otklik_session" not in here.cookies
        here.cookies.set("otklik_session", token)
        assert refusal(await here.get("/api/session")) == (401, "not_signed_in")
        assert (await there.get("/api/session")).status_code == 200


async def test_agent_who_signs_out_ends_the_shift_and_loses_the_softphone(site: Site) -> None:
    async with at_desk(site, "anna", fresh=True) as anna:
        phone = site.voice.phone(anna.agent)
        assert phone.registered
        assert (await anna.client.delete("/api/session")).status_code == 204
        assert not phone.registered
        await anna.until(lambda seen: seen["agent"]["state"] == "offline")


@pytest.mark.parametrize(
    "passed", ["seen_at = now() - interval '13 hours'", "started_at = now() - interval '25 hours'"]
)
async def test_session_ends_after_twelve_idle_hours_and_after_a_day(site: Site, passed: str) -> None:
    async with site.signed_in("olga", fresh=True) as client:
        olga = await site.person("olga")
        async with site.database.transaction(site.tenant) as connection:
            await connection.execute(text(f"update session set {passed} where person_id = :p"), {"p": olga})
        site.cookies.pop("olga", None)  # the one that other tests share has ended too
        assert refusal(await client.get("/api/session")) == (401, "not_signed_in")


async def test_session_in_use_slides_on(site: Site) -> None:
    async with site.signed_in("olga", fresh=True) as client:
        olga = await site.person("olga")
        async with site.database.transaction(site.tenant) as connection:
            await connection.execute(
                text("update session set seen_at = now() - interval '11 hours' where person_id = :p"), {"p": olga}
            )
        assert (await client.get("/api/session")).status_code == 200
        idle = await site.scalar(
            "select extract(epoch from now() - max(seen_at)) from session where person_id = :p", p=olga
        )
        assert idle < 60


async def test_person_who_was_disabled_is_out_at_once(site: Site) -> None:
    async with site.signed_in("kate", fresh=True) as client:
        async with site.database.transaction(site.tenant) as connection:
            await connection.execute(text("update person set disabled_at = now() where login = 'kate'"))
        try:
            assert refusal(await client.get("/api/session")) == (401, "not_signed_in")
            answer = await client.post("/api/session", json={"login": "kate", "password": PASSWORD})
            assert refusal(answer) == (401, "wrong_login")
        finally:
            async with site.database.transaction(site.tenant) as connection:
                await connection.execute(text("update person set disabled_at = null where login = 'kate'"))


async def test_keys_are_kept_for_the_person_alone_and_given_back(site: Site) -> None:
    async with site.signed_in("anna") as client:
        changed = await client.patch("/api/session/preferences", json={"keys": {"hold": "J"}, "single_keys": False})
        assert keys(changed.json())["hold"] == "J"
        taken = await client.patch("/api/session/preferences", json={"keys": {"hold": "T"}, "theme": "dark"})
        assert refusal(taken) == (409, "key_taken")
        assert taken.json()["error"]["action"] == "transfer"
        me = (await client.get("/api/session")).json()
        assert (keys(me)["hold"], me["single_keys"], me["person"]["theme"]) == ("J", False, "system")
        async with site.signed_in("boris") as other:
            assert keys((await other.get("/api/session")).json())["hold"] == "H"
        usual = (await client.patch("/api/session/preferences", json={"keys": {}, "single_keys": True})).json()
        assert (keys(usual)["hold"], usual["single_keys"]) == ("H", True)


def keys(me: dict[str, Any]) -> dict[str, str]:
    return {each["action"]: each["key"] for each in me["keys"]}


async def test_preferences_are_kept_and_bad_ones_change_nothing(site: Site) -> None:
    async with site.signed_in("boris", fresh=True) as client:
        answer = await client.patch("/api/session/preferences", json={"theme": "dark"})
        assert (answer.json()["person"]["theme"], answer.json()["person"]["language"]) == ("dark", "ru")
        await client.patch("/api/session/preferences", json={"language": "en"})
        bad = await client.patch("/api/session/preferences", json={"theme": "pink", "language": "ru"})
        assert bad.json()["error"] == {
            "code": "invalid_input",
            "message": "Field “theme”: must be one of: 'system', 'light' or 'dark'.",
            "field": "theme",
            "name": "theme",
            "reason": "must be one of: 'system', 'light' or 'dark'",
        }
        me = (await client.get("/api/session")).json()["person"]
        assert (me["theme"], me["language"]) == ("dark", "en")
        await client.patch("/api/session/preferences", json={"theme": "system", "language": "ru"})


async def test_changes_need_the_header_that_no_foreign_form_can_send(site: Site) -> None:
    async with site.signed_in("boris", fresh=True) as client:
        del client.headers["X-Otklik"]
        answer = await client.patch("/api/session/preferences", json={"theme": "dark"})
        assert refusal(answer) == (403, "not_permitted")
        assert (await client.get("/api/session")).json()["person"]["theme"] == "system"


async def test_signing_in_and_out_is_audited_with_the_address(site: Site) -> None:
    async with site.client(address="10.4.0.1") as client:
        await client.post("/api/session", json={"login": "olga", "password": PASSWORD})
        await client.delete("/api/session")
    async with site.database.transaction(site.tenant) as connection:
        rows = await connection.execute(text("select what from audit where address = '10.4.0.1' order by at"))
        assert [row.what for row in rows] == ["signed_in", "signed_out"]


async def test_sockets_of_a_session_are_told_when_it_ends(site: Site) -> None:
    ends = site.app.state.session_ends
    with ends.watch(b"a") as first, ends.watch(b"a") as second, ends.watch(b"b") as other:
        ends.end(b"a")
        assert (first.is_set(), second.is_set(), other.is_set()) == (True, True, False)
    await until(lambda: not ends._watching)


async def test_sockets_learn_of_sessions_that_ended_elsewhere_by_one_question_for_all(site: Site) -> None:
    ends = SessionEnds()
    async with site.signed_in("olga", fresh=True) as olga, site.signed_in("anna", fresh=True) as anna:
        still_open = partial(standing_sessions, site.database)
        hashes = [token_hash(each.cookies["otklik_session"]) for each in (olga, anna)]
        with ends.watch(hashes[0]) as first, ends.watch(hashes[1]) as second:
            await ends.check(still_open)
            assert (first.is_set(), second.is_set()) == (False, False)
            async with site.database.transaction(site.tenant) as connection:
                await connection.execute(text("delete from session where token_hash = :hash"), {"hash": hashes[0]})
            await ends.check(still_open)
            assert not first.is_set(), "it was asked just now"
            ends._checked -= CHECK_SECONDS
            await ends.check(still_open)
            assert (first.is_set(), second.is_set()) == (True, False)
