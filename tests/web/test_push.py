"""A browser whose page is closed is told: by a push service of the test, which reads what it gets as a browser does (RFC 8291)."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import os
import socket
import ssl
import struct
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from tests.web.conftest import AtDesk, Site, calling, refusal, until

from otklik.contact.ports import PushAddress
from otklik.errors import AppError, PeerError
from otklik.integrations.push_services import PushServices, of_the_internet
from otklik.push import store
from otklik.push.api import may_be_asked
from otklik.push.limits import TRIALS, Rests, Trials
from otklik.push.news import Kind, News, message, standing
from otklik.push.store import Kept
from otklik.switchboard.pushing import Pushes

KEY = urlsafe_b64encode(bytes(range(1, 33))).rstrip(b"=").decode()
POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


class Browser:
    """What a browser keeps for itself, and the address it gives away."""

    def __init__(self, endpoint: str) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self._public = self._private.public_key().public_bytes(*POINT)
        self.address = PushAddress(endpoint=endpoint, p256dh=written(self._public), auth=written(self._auth))

    def opened(self, body: bytes) -> dict[str, str]:
        """RFC 8188 and RFC 8291."""
        salt, (size, length) = body[:16], struct.unpack(">IB", body[16:21])
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        shared = self._private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        secret = derived(self._auth, shared, b"WebPush: info\0" + self._public + theirs, 32)
        key = derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.rstrip(b"\0")[-1:] == b"\2"
        found: dict[str, str] = json.loads(plain.rstrip(b"\0")[:-1])
        return found


@dataclass
class PushService:
    """As much of RFC 8030 as a sender sees. `answers`: with which status."""

    port: int = 0
    answers: int = 201
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            lines = head.decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            self.came.append((headers, await reader.readexactly(int(headers["content-length"]))))
            await self.goes_on.wait()
            writer.write(f"HTTP/1.1 {self.answers} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            writer.close()
            return

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self.port}/push/1"


def certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "push.pem").write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return folder / "push.pem"


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("push"))


@pytest.fixture
async def service(pem: Path) -> AsyncIterator[PushService]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    made = PushService()
    made.goes_on.set()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


@pytest.fixture
async def services(pem: Path) -> AsyncIterator[PushServices]:
    made = PushServices(
        KEY, "https://otklik.example", reachable=lambda _: True, trust=ssl.create_default_context(cafile=str(pem))
    )
    yield made
    await made.close()


@pytest.fixture
def reached(site: Site, services: PushServices) -> Iterator[None]:
    """Pages send to the service of the test, too."""
    state = site.app.state
    before, state.pushing = state.pushing, services
    yield
    state.pushing = before


async def keep(site: Site, login: str, browser: Browser, kinds: list[Kind]) -> None:
    async with site.database.transaction(site.tenant) as connection:
        await store.keep(connection, await site.person(login), browser.address, kinds)


async def want(site: Site, pushing: Pushes, browser: Browser, *kinds: Kind) -> None:
    """Anna wants to be told, and it has been seen."""
    await keep(site, "anna", browser, [*kinds])
    await until(lambda: site.tenant in pushing._looking and {*kinds} <= pushing._looking[site.tenant].wanted)


async def kept(site: Site) -> int:
    found: int = await site.scalar("select count(*) from push_subscription")
    return found


@pytest.fixture
async def pushing(site: Site, services: PushServices) -> AsyncIterator[Pushes]:
    """As the process that leads the centre does."""
    pushes = Pushes(site.exchange.engines, site.database, services, time.time, look_seconds=0.02)
    running = asyncio.create_task(pushes.run())
    yield pushes
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await site.scalar("delete from push_subscription returning 1")


def signed(headers: dict[str, str], services: PushServices) -> dict[str, object]:
    """RFC 8292: who sends, and that it is the one with whose key the browser has subscribed."""
    scheme, _, rest = headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"].rstrip("=")) == ("vapid", services.key())
    head, claims, signature = parts["t"].split(".")
    raw = read(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), read(services.key()))
    both = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    found: dict[str, object] = json.loads(read(claims))
    return found


async def test_a_task_that_is_due_comes_to_the_browser_of_whoever_has_to_do_it_and_to_no_other(
    site: Site, anna: AtDesk, service: PushService, services: PushServices, pushing: Pushes
) -> None:
    browser = Browser(service.endpoint)
    await want(site, pushing, browser, "task")
    call = await anna.talk()
    due = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=0.3)).isoformat()
    await anna.put(f"/api/desk/contacts/{call.contact}/follow-up", {"text": "Секрет клиента", "due_at": due})
    await until(lambda: service.came)
    ((headers, body),) = service.came
    assert browser.opened(body) == message(News(kind="task", to=None, about=""), "ru")
    assert browser.opened(body)["body"] == "Пора сделать задачу." and browser.opened(body)["to"] == "/desk"
    assert (headers["content-encoding"], headers["topic"]) == ("aes128gcm", "task") and int(headers["ttl"]) > 0
    claims = signed(headers, services)
    assert (claims["aud"], claims["sub"]) == (service.endpoint.removesuffix("/push/1"), "https://otklik.example")


async def test_who_is_waited_for_personally_is_told_once(
    site: Site, anna: AtDesk, service: PushService, pushing: Pushes
) -> None:
    browser = Browser(service.endpoint)
    await want(site, pushing, browser, "call", "waiting")
    at = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)).isoformat()
    body = {"number": "+79990000077", "queue": "sales", "at": at, "personal": True}
    planned = await anna.client.post("/api/desk/callbacks", json=body)
    await until(lambda: service.came)
    assert browser.opened(service.came[0][1])["tag"] == "call"
    await anna.client.post(f"/api/desk/callbacks/{planned.json()['contact']}/cancel", json={})
    assert len(service.came) == 1


async def test_an_offer_is_told_while_it_rings_and_a_message_of_the_supervisor_once(
    site: Site, anna: AtDesk, service: PushService, pushing: Pushes
) -> None:
    browser = Browser(service.endpoint)
    await want(site, pushing, browser, "offer", "message")
    call = await calling(site)
    call.press("1")
    await until(lambda: service.came)
    headers, body = service.came[0]
    assert (browser.opened(body)["tag"], headers["topic"]) == (call.contact, call.contact.replace("-", ""))
    assert int(headers["ttl"]) <= 30 and call.contact in json.dumps(browser.opened(body))
    async with site.signed_in("olga") as olga:
        said = await olga.post("/api/notices", json={"text": "Секрет: Иван +79161234567"})
        assert said.status_code == 201, said.text
        await until(lambda: len(service.came) == 2)
        assert (await olga.delete(f"/api/notices/{said.json()['id']}")).status_code == 204
    assert browser.opened(service.came[1][1]) == message(News(kind="message", to=None, about=""), "ru")


async def test_a_browser_is_tried_out_by_whoever_has_it_and_a_dead_one_is_forgotten(
    site: Site, anna: AtDesk, service: PushService, reached: None
) -> None:
    browser = Browser(service.endpoint)
    await keep(site, "anna", browser, ["task"])
    asked = {"endpoint": service.endpoint}
    assert (await anna.client.post("/api/push/browser/try", json=asked)).status_code == 204
    assert browser.opened(service.came[0][1])["body"] == "Уведомления доходят."
    async with site.signed_in("boris") as boris:
        assert refusal(await boris.post("/api/push/browser/try", json=asked)) == (409, "push_failed")
    service.answers = 410
    assert refusal(await anna.client.post("/api/push/browser/try", json=asked)) == (502, "push_failed")
    assert await kept(site) == 0


async def test_a_browser_that_is_gone_is_forgotten_and_a_slow_service_holds_nobody(
    site: Site, anna: AtDesk, service: PushService, services: PushServices, pushing: Pushes
) -> None:
    service.answers = 410
    await want(site, pushing, Browser(service.endpoint), "task")
    call = await anna.talk()
    service.goes_on.clear()
    due = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=0.3)).isoformat()
    await anna.put(f"/api/desk/contacts/{call.contact}/follow-up", {"text": "x", "due_at": due})
    await until(lambda: service.came)
    assert (await anna.ask(call, "hold")).status_code == 204
    service.goes_on.set()
    async with asyncio.timeout(30):
        while await kept(site):
            await asyncio.sleep(0.01)


async def test_a_browser_wants_what_its_person_may_have_until_it_is_forgotten(site: Site) -> None:
    where = {"endpoint": "https://push.example.com/1", "p256dh": "BA", "auth": "AA"}
    async with site.signed_in("anna") as anna, site.signed_in("boris") as boris:
        known = (await anna.get("/api/push")).json()
        assert known["kinds"] == ["offer", "waiting", "message", "call", "task"] and len(read(known["key"])) == 65
        assert (await anna.put("/api/push/browser", json={**where, "kinds": ["alert", "task"]})).status_code == 204
        asked = {"endpoint": where["endpoint"]}
        assert (await anna.post("/api/push/browser", json=asked)).json() == {"kinds": ["task"]}
        assert (await boris.put("/api/push/browser", json={**where, "kinds": ["call"]})).status_code == 204
        assert (await anna.post("/api/push/browser", json=asked)).json() == {"kinds": None}, "it is his browser now"
        await anna.post("/api/push/browser/forget", json=asked)
        assert (await boris.post("/api/push/browser", json=asked)).json() == {"kinds": ["call"]}
        await boris.post("/api/push/browser/forget", json=asked)
        assert (await boris.post("/api/push/browser", json=asked)).json() == {"kinds": None}
        inner = {**where, "endpoint": "https://127.0.0.1/1", "kinds": ["task"]}
        assert refusal(await anna.put("/api/push/browser", json=inner)) == (400, "push_not_public")


INNER = (
    "http://push.example.com/1",
    "https://localhost/1",
    "https://127.0.0.1/1",
    "https://[::1]/1",
    "https://10.0.0.1/1",
    "https://2130706433/1",
    "https://0x7f.1/1",
    "https://push.example.com:8443/1",
    "https://user@push.example.com/1",
    "https://db.internal/1",
    "https://push.example.com:x/1",
)


@pytest.mark.parametrize("endpoint", INNER)
def test_what_is_not_of_the_internet_is_not_taken(endpoint: str) -> None:
    assert not may_be_asked(endpoint)
    assert may_be_asked("https://fcm.googleapis.com/fcm/send/abc:def")


@pytest.mark.parametrize(
    "name",
    [
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0", "fec0::1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "::7f00:1", "::ffff:0:127.0.0.1"),
    ],
)
def test_inner_addresses_are_not_of_the_internet(name: str) -> None:
    assert not of_the_internet(ipaddress.ip_address(name)) and of_the_internet(ipaddress.ip_address("8.8.8.8"))


async def test_a_name_that_leads_inside_is_not_connected_to(
    service: PushService, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inside(*_: object, **__: object) -> list[object]:
        asked.append(threading.current_thread().name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", service.port))]

    asked: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", inside)
    guarded = PushServices(KEY, "https://otklik.example", trust=ssl.create_default_context(cafile=str(pem)))
    with pytest.raises(PeerError) as found:
        await guarded.push(Browser("https://push.example.com/1").address, b"{}", topic="task")
    await guarded.close()
    assert (found.value.reason, service.came) == ("unreachable", [])
    assert [name.startswith("push-names") for name in asked] == [True], "never in the threads of all others"


@pytest.mark.parametrize(
    ("public_url", "sender"),
    [
        ("https://otklik.example", "https://otklik.example"),
        ("https://otklik.example:8443/centre/", "https://otklik.example"),
        ("https://otklik:8443", "mailto:otklik@localhost"),
        ("https://[2001:db8::1]", "mailto:otklik@localhost"),
        ("http://otklik.example", "mailto:otklik@localhost"),
        (None, "mailto:otklik@localhost"),
    ],
)
async def test_whatever_the_public_address_is_messages_go_out(
    public_url: str | None, sender: str, service: PushService, pem: Path
) -> None:
    trust = ssl.create_default_context(cafile=str(pem))
    services = PushServices(KEY, public_url, reachable=lambda _: True, trust=trust)
    await services.push(Browser(service.endpoint).address, b"{}", topic="task")
    await services.close()
    assert signed(service.came[0][0], services)["sub"] == sender


@pytest.mark.parametrize("status", [401, 403])
async def test_a_browser_that_subscribed_with_another_key_is_gone(
    status: int, service: PushService, services: PushServices
) -> None:
    service.answers = status
    with pytest.raises(PeerError, match="gone"):
        await services.push(Browser(service.endpoint).address, b"{}", topic="task")


async def test_one_is_tried_out_a_few_times_a_minute_and_saved_anew_is_not_the_oldest(
    site: Site, anna: AtDesk, service: PushService, reached: None
) -> None:
    person, asked = await site.person("anna"), {"endpoint": service.endpoint}
    mine = Browser(service.endpoint)
    await keep(site, "anna", mine, ["task"])
    for number in range(store.MOST - 1):
        await keep(site, "anna", Browser(f"https://push.example.com/{number}"), ["task"])
    await keep(site, "anna", mine, ["call"])
    await keep(site, "anna", Browser("https://push.example.com/more"), ["task"])
    async with site.database.transaction(site.tenant) as connection:
        assert await store.kinds(connection, person, service.endpoint) == ["call"]
    site.app.state.push_trials = Trials()
    found = [await anna.client.post("/api/push/browser/try", json=asked) for _ in range(TRIALS + 1)]
    assert [each.status_code for each in found] == [204] * TRIALS + [429]
    assert refusal(found[-1])[1] == "push_too_often"
    site.app.state.push_trials = Trials()
    await site.scalar("delete from push_subscription returning 1")


async def test_what_stands_when_somebody_first_wants_a_kind_is_no_news(
    site: Site, anna: AtDesk, service: PushService, pushing: Pushes
) -> None:
    browser = Browser(service.endpoint)
    call = await calling(site)
    call.press("1")
    engine = site.exchange.engines()[site.tenant]
    await until(lambda: standing(engine, 0.0, {"offer"}))
    await want(site, pushing, browser, "offer", "message")
    async with site.signed_in("olga") as olga:
        said = await olga.post("/api/notices", json={"text": "x"})
        await until(lambda: service.came)
        assert (await olga.delete(f"/api/notices/{said.json()['id']}")).status_code == 204
    assert [browser.opened(body)["tag"] for _, body in service.came] == ["message"]


async def test_an_offer_that_waited_too_long_is_not_sent(
    site: Site, anna: AtDesk, service: PushService, services: PushServices
) -> None:
    now = [1_000.0]
    pushes = Pushes(dict, site.database, services, lambda: now[0])
    sending = asyncio.create_task(pushes.run())
    kept = Kept(id="1", person="p", address=Browser(service.endpoint).address, language="ru")
    queued: list[tuple[float, Kind]] = [(970.0, "offer"), (985.0, "offer"), (970.0, "waiting")]
    for seen, kind in queued:
        pushes._queue.put_nowait((seen, site.tenant, kept, News(kind=kind, to="p", about=f"{kind}-{seen}")))
    await until(lambda: len(service.came) == 2)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert sorted(int(headers["ttl"]) for headers, _ in service.came) == [5, 90]


def test_an_address_that_fails_again_and_again_rests_longer_each_time() -> None:
    rests = Rests()
    rests.failed("a", 0.0)
    assert not rests.rests("a", 0.0)
    rests.failed("a", 0.0)
    assert rests.rests("a", 59.0) and not rests.rests("a", 60.0) and not rests.rests("b", 0.0)
    rests.failed("a", 60.0)
    assert rests.rests("a", 179.0) and not rests.rests("a", 180.0)
    rests.answered("a")
    rests.failed("a", 180.0)
    assert not rests.rests("a", 180.0)


def test_one_person_tries_one_at_a_time() -> None:
    trials = Trials()
    with trials.of("anna", 0.0):
        with pytest.raises(AppError, match="One was sent just now"), trials.of("anna", 1.0):
            pass
        with trials.of("boris", 1.0):
            pass
