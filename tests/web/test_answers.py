"""How the server answers whatever happens: the envelope, the languages, the headers, the page itself."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs
from tests.web.conftest import Site, refusal

from otklik.errors import PeerError
from otklik.web import errors, static
from otklik.web.access_log import security_headers
from otklik.web.app import openapi


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("", "Сеанс"),
        ("en", "The session"),
        ("de, en;q=0.5, ru;q=0.7", "Сеанс"),
        ("en-GB,en;q=0.9", "The session"),
        ("*", "Сеанс"),
        ("en;q=bad", "The session"),
        (",;q=,,", "Сеанс"),
    ],
)
async def test_stranger_is_answered_in_the_browsers_language(site: Site, language: str, begins: str) -> None:
    async with site.client(**{"Accept-Language": language}) as client:
        answer = await client.get("/api/session")
    assert answer.json()["error"]["message"].startswith(begins)


async def test_person_is_answered_in_their_own_language_whatever_the_browser_says(site: Site) -> None:
    async with site.signed_in("kate") as client:
        answer = await client.get("/api/system", headers={"Accept-Language": "ru"})
    assert answer.json()["error"]["message"] == "This needs other permissions. Ask your administrator."


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/nothing", (404, "not_found")),
        ("GET", "/api/", (404, "not_found")),
        ("POST", "/api/nothing", (405, "method_not_allowed")),
        ("PUT", "/api/session", (405, "method_not_allowed")),
        ("GET", "/assets/gone.js", (404, "not_found")),
        ("POST", "/", (405, "method_not_allowed")),
    ],
)
async def test_unknown_addresses_are_answered_in_the_envelope(
    site: Site, method: str, path: str, expected: tuple[int, str]
) -> None:
    async with site.client() as client:
        assert refusal(await client.request(method, path)) == expected


async def test_body_that_is_no_json_or_too_large_is_refused(site: Site) -> None:
    headers = {"Content-Type": "application/json"}
    async with site.client() as client:
        broken = await client.post("/api/session", content=b'{"login": ', headers=headers)
        assert refusal(broken) == (400, "invalid_input")
        large = await client.post("/api/session", content=b" " * (1024 * 1024 + 1), headers=headers)
        assert refusal(large) == (413, "too_large")

        async def endless() -> object:
            for _ in range(40):
                yield b" " * 65_536

        unmeasured = await client.post("/api/session", content=endless(), headers=headers)  # type: ignore[arg-type]
        assert unmeasured.status_code == 400


async def test_unknown_failure_is_a_number_for_the_person_and_a_traceback_for_the_log(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, object]:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setitem(site.app.state._state, "telephony", broken)
    with capture_logs() as logs:
        async with site.client() as client:
            answer = await client.get("/health")
    assert refusal(answer) == (500, "internal_error")
    assert "secret" not in answer.text
    (entry,) = [log for log in logs if log["event"] == "request_failed"]
    assert (entry["id"], entry["error"], entry["path"]) == (
        answer.json()["error"]["id"],
        "ZeroDivisionError",
        "/health",
    )


async def test_database_that_went_away_is_told_as_such(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> object:
        raise PeerError("database", "connection refused", retryable=True)

    async with site.signed_in("olga") as client:
        monkeypatch.setattr(site.database, "lookup", gone)
        assert refusal(await client.get("/api/contacts")) == (503, "database_down")
        health = await client.get("/health")
    assert (health.status_code, health.json()) == (
        503,
        {"status": "degraded", "role": "all", "database": "down", "telephony": "up", "switchboard": "up"},
    )


async def test_health_without_telephony_is_degraded_but_serves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with site.client() as client:
        well = {"status": "ok", "role": "all", "database": "up", "telephony": "up", "switchboard": "up"}
        assert (await client.get("/health")).json() == well
        monkeypatch.setitem(site.app.state._state, "telephony", lambda: {"up": False, "advice": None})
        answer = await client.get("/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["telephony"]) == (200, "degraded", "down")


async def test_metrics_are_for_this_machine_unless_made_public(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async with site.client() as here, site.client(address="10.0.0.1") as there:
        await here.get("/health")
        answer = await here.get("/metrics")
        assert 'otklik_http_seconds_count{method="GET",route="/health",status="200"}' in answer.text
        assert (await here.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"})).status_code == 404
        assert refusal(await there.get("/metrics")) == (404, "not_found")
        monkeypatch.setitem(site.app.state._state, "metrics_public", True)
        assert (await there.get("/metrics")).status_code == 200


async def test_request_leaves_one_log_line_without_numbers_or_questions(site: Site) -> None:
    record = await site.save()
    async with site.signed_in("olga") as client:
        with capture_logs() as logs:
            await client.get(f"/api/contacts/{record.contact}")
            await client.get("/api/contacts", params={"q": "+79161234567"})
            await client.get("/79161234567")
    lines = [line for line in logs if line["event"] == "http"]
    assert [(line["route"], line["status"], line["contact"]) for line in lines] == [
        ("/api/contacts/{contact}", 200, record.contact),
        ("/api/contacts", 200, None),
        ("/{path:path}", 200, None),
    ]
    assert "9161234567" not in str(lines)
    assert lines[0]["tenant"] == site.tenant


async def test_every_answer_carries_the_security_headers(site: Site) -> None:
    async with site.client() as client:
        for path in ("/", "/api/session", "/health"):
            headers = (await client.get(path)).headers
            assert "script-src 'self'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert "strict-transport-security" not in headers
        assert (await client.get("/api/session")).headers["cache-control"] == "no-store"


def test_behind_https_browsers_are_told_to_stay_there() -> None:
    assert ("Strict-Transport-Security", "max-age=31536000") in security_headers([], https=True)


# The page.


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><script>boot()</script><title>Отклик</title>")
    (tmp_path / "assets" / "main-abc123.js").write_text("console.log(1);" * 200)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return tmp_path


def page(folder: Path) -> httpx.AsyncClient:
    app = FastAPI()
    errors.install(app)
    app.include_router(static.router(folder))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://otklik.test")


async def test_page_is_never_cached_and_its_hashed_files_are_for_ever(built: Path) -> None:
    async with page(built) as client:
        for path in ("/", "/contacts/42", "/index.html"):
            answer = await client.get(path)
            assert (answer.text[:15], answer.headers["cache-control"]) == ("<!doctype html>", "no-cache")
        script = await client.get("/assets/main-abc123.js")
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.headers["content-encoding"] == "gzip"
        assert script.text == "console.log(1);" * 200
        plain = await client.get("/assets/main-abc123.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == script.text
        again = await client.get("/", headers={"If-None-Match": (await client.get("/")).headers["etag"]})
        assert again.status_code == 304


async def test_files_outside_the_folder_are_out_of_reach(built: Path) -> None:
    (built.parent / "secret.txt").write_text("secret")
    async with page(built) as client:
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"):
            assert "secret" not in (await client.get(path)).text


async def test_page_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with page(tmp_path / "nowhere") as client:
        answer = await client.get("/")
    assert "make run" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_inline_scripts_of_the_page_are_allowed_by_their_hash(built: Path) -> None:
    (allowed,) = static.script_hashes(built)
    assert allowed == f"'sha256-{b64encode(sha256(b'boot()').digest()).decode()}'"
    policy = dict(security_headers([allowed], https=False))["Content-Security-Policy"]
    assert f"script-src 'self' {allowed};" in policy


# The description.


def test_description_needs_no_running_part_and_every_answer_has_a_form() -> None:
    description = openapi()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            good = [code for code in operation["responses"] if code.startswith("2")]
            assert good, (method, path)
            for code in good:
                assert code == "204" or operation["responses"][code]["content"], (method, path)
            assert operation["responses"]["default"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Refusal"
            }
            assert "422" not in operation["responses"]
            assert operation["summary"], (method, path)


async def test_description_served_is_the_one_that_is_dumped(site: Site) -> None:
    async with site.client() as client:
        assert (await client.get("/api/openapi.json")).json() == openapi()
