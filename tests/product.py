"""The whole product as its users start it: `otklik run` in a process of its own, on free ports and its own folder.

Several may run side by side. What is fetched (Asterisk) is shared through the user's cache folder, so that it is
fetched once per machine. The output is kept and shown when something goes wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from otklik.embedded.ports import is_free

START_SECONDS = 300.0
"""The first start on a machine fetches Asterisk."""
STOP_SECONDS = 20.0
RTP_PORTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    login: str
    password: str
    name: str
    role: str
    language: str


@dataclass(frozen=True, slots=True, order=True)
class Running:
    """One process: the start time tells it from a later one with the same pid."""

    pid: int
    parent: int
    started: int
    name: str

    @classmethod
    def of(cls, pid: int) -> Running | None:
        """None: there is none, or only its corpse."""
        try:
            head, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            return None
        fields = rest.split()
        return None if fields[0] == "Z" else cls(pid, int(fields[1]), int(fields[19]), head.partition("(")[2])

    def lives(self) -> bool:
        now = Running.of(self.pid)
        return now is not None and now.started == self.started


def _everybody() -> set[Running]:
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return {one for pid in pids if (one := Running.of(pid)) is not None}


def descendants(pid: int) -> frozenset[Running]:
    """And the process itself; empty if there is none."""
    top = Running.of(pid)
    if top is None:
        return frozenset()
    everybody = _everybody()
    found, edge = {top}, [pid]
    while edge:
        parent = edge.pop()
        children = {one for one in everybody if one.parent == parent} - found
        found |= children
        edge += [one.pid for one in children]
    return frozenset(found)


def _that_mention(folder: str) -> set[Running]:
    """Processes with this folder in their command line or environment, however they were started."""
    found = set()
    for one in _everybody():
        for file in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                if folder.encode() in Path(f"/proc/{one.pid}/{file}").read_bytes():
                    found.add(one)
    return found


PORTS = range(7_000, 10_000)
"""Below those from which the system takes one for each connection, and none that a browser refuses."""


def free_port() -> int:
    """Free for TCP and UDP on loopback a moment ago; until it is used no connection of anybody's takes it."""
    for port in random.SystemRandom().sample(PORTS, 1_000):
        if is_free("127.0.0.1", port, "tcp") and is_free("127.0.0.1", port, "udp"):
            return port
    raise AssertionError(f"no free port among {PORTS}")


def free_ports(count: int) -> int:
    """The first of so many free TCP ports in a row."""
    while True:
        first = free_port()
        with contextlib.suppress(OSError), contextlib.ExitStack() as probes:
            for port in range(first, first + count):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


def free_rtp_ports() -> str:
    """A range below the ephemeral ports whose both ends and middle are free now."""
    for first in range(12_000 + (os.getpid() % 19) * RTP_PORTS, 32_000, RTP_PORTS):
        with contextlib.suppress(OSError), contextlib.ExitStack() as probes:
            for port in (first, first + RTP_PORTS // 2, first + RTP_PORTS - 1):
                probe = probes.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                probe.bind(("127.0.0.1", port))
            return f"{first}-{first + RTP_PORTS - 1}"
    raise AssertionError("no free RTP ports on this machine")


ROLES = ("peers", "switchboard", "web", "jobs")


class Product:
    """One copy on one data folder. `start` may be called again after `stop` or `kill`: the data is kept."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """`settings` are further OTKLIK_ variables, named without the prefix."""
        self.folder = folder
        self.settings = {
            "DATA_DIR": str(folder / "data"),
            "HTTP_PORT": str(free_port()),
            "SIP_PORT": str(free_port()),
            "RTP_PORTS": free_rtp_ports(),
            **settings,
        }
        self.environment: dict[str, str] = {}
        """Further variables of any name."""
        self.output = folder / "output.txt"
        self._program: subprocess.Popen[bytes] | None = None
        self._family: frozenset[Running] = frozenset()
        self.run: dict[str, object] = {}

    # life

    def launch(self) -> subprocess.Popen[bytes]:
        """Starts the program and does not wait for it to be ready."""
        self._program = self._begin()
        return self._program

    def _begin(self, *options: str) -> subprocess.Popen[bytes]:
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        if cache := os.environ.get("OTKLIK_CACHE_DIR"):
            environment["OTKLIK_CACHE_DIR"] = cache
        environment |= {f"OTKLIK_{name}": value for name, value in self.settings.items()}
        environment |= {"PYTHONUNBUFFERED": "1"} | self.environment
        with self.output.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "otklik", "run", *options],
                env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def start(self, *, telephony: bool = True) -> Product:
        """Ready: `run.json` is there, `/health` answers, and Asterisk too unless it is switched off."""
        program = self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not self._ready(telephony):
            if program.poll() is not None:
                raise AssertionError(f"otklik run ended with {program.returncode}:\n{self.tail()}")
            if time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"not ready within {START_SECONDS:g} s:\n{self.tail()}")
            time.sleep(0.05)
        self.reread()
        return self

    def reread(self) -> None:
        """`run.json` again (process ids change when a child is restarted), and who is running now."""
        self.run = json.loads(self.run_file.read_text())
        self._family = self.family()

    def stop(self) -> str:
        """Ctrl-C. Asserts a clean end with nothing left running; returns the output."""
        program = self._running()
        self._family = self.family()
        program.send_signal(signal.SIGINT)
        try:
            status = program.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop within {STOP_SECONDS:g} s after Ctrl-C:\n{self.tail()}") from None
        self._program = None
        assert status == 0, f"exit status {status} after Ctrl-C:\n{self.tail()}"
        self.wait_until_nothing_runs(1.0)
        assert not self.run_file.exists(), "run.json outlived the program"
        return self.tail(100_000)

    def kill(self) -> None:
        """kill -9 of the program itself, not of its children: they must notice."""
        program = self._running()
        self._family = self.family()
        program.kill()
        program.wait()
        self._program = None

    def wait_until_nothing_runs(self, seconds: float) -> None:
        """Nothing of what ran, and nothing else that works on our data folder."""
        deadline = time.monotonic() + seconds
        while left := {p for p in self._family if p.lives()} | _that_mention(self.settings["DATA_DIR"]):
            if time.monotonic() > deadline:
                for one in left:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(one.pid, signal.SIGKILL)
                raise AssertionError(f"still running {seconds:g} s after the end: {sorted(left)}")
            time.sleep(0.05)

    def family(self) -> frozenset[Running]:
        """The program and all its descendants."""
        return descendants(self._program.pid) if self._program is not None else frozenset()

    @property
    def running(self) -> bool:
        return self._program is not None and self._program.poll() is None

    def tail(self, characters: int = 6_000) -> str:
        return self.output.read_text(errors="replace")[-characters:] if self.output.exists() else ""

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._program is not None, "not started"
        return self._program

    def _ready(self, telephony: bool) -> bool:
        if not self.run_file.exists():
            return False
        try:
            health = httpx.get(f"{self.url_on_loopback}/health", timeout=2.0)
        except httpx.TransportError:
            return False
        return health.status_code == 200 or (not telephony and health.status_code == 503)

    # what run.json tells

    @property
    def run_file(self) -> Path:
        return Path(self.settings["DATA_DIR"]) / "run.json"

    @property
    def url(self) -> str:
        url = self.run["url"]
        assert isinstance(url, str)
        return url

    @property
    def url_on_loopback(self) -> str:
        return f"http://127.0.0.1:{self.settings['HTTP_PORT']}"

    @property
    def sip_port(self) -> int:
        return int(self.settings["SIP_PORT"])

    def processes(self) -> dict[str, int]:
        """Names and pids of those running, as `run.json` has them now."""
        with contextlib.suppress(FileNotFoundError):
            content = json.loads(self.run_file.read_text())
            return {name: pid for name, pid in content["processes"].items() if pid is not None}
        return {}

    def login(self, login: str) -> Login:
        logins = self.run["logins"]
        assert isinstance(logins, dict)
        for role, people in logins.items():
            for person in people:
                if person["login"] == login:
                    return Login(role=role, **{k: person[k] for k in ("login", "password", "name", "language")})
        raise AssertionError(f"no login {login} in run.json: {logins}")

    # its HTTP interface

    @contextlib.contextmanager
    def signed_in(self, login: str) -> Iterator[httpx.Client]:
        """A client with this person's session; the session ends with the block."""
        person = self.login(login)
        with httpx.Client(base_url=self.url, headers={"X-Otklik": "1", "Origin": self.url}, timeout=30) as client:
            answer = client.post("/api/session", json={"login": person.login, "password": person.password})
            assert answer.status_code == 200, answer.text
            yield client
            client.delete("/api/session")

    def contacts(self) -> list[dict[str, object]]:
        """The journal's rows, newest first, as the supervisor sees them."""
        with self.signed_in("olga") as client:
            return journal(client)


class Several(Product):
    """The same as several processes on one folder, one for each of `ROLES`."""

    def __init__(self, folder: Path, roles: tuple[str, ...] = ROLES, **settings: str) -> None:
        ports = free_ports(len(ROLES))
        super().__init__(folder, **{"HEALTH_PORT": str(ports), **settings})
        self.roles = roles
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self._stand_by_port = 0

    def launch_role(self, role: str) -> None:
        self.programs[role] = self._begin("--role", role)

    def launch_stand_by(self) -> None:
        """A second switchboard on the same Asterisk; after the death of the first `programs` has it in its place."""
        self._stand_by_port = free_port()
        mine, self.settings["HEALTH_PORT"] = self.settings["HEALTH_PORT"], str(self._stand_by_port)
        self.programs["stand by"] = self._begin("--role", "switchboard")
        self.settings["HEALTH_PORT"] = mine

    def start(self, *, telephony: bool = True) -> Several:
        for role in self.roles:
            self.launch_role(role)
        self.wait_until_well(telephony=telephony)
        return self

    def wait_until_well(self, seconds: float = START_SECONDS, *, telephony: bool = True) -> None:
        """All parts answer, and the pages have a switchboard."""
        deadline = time.monotonic() + seconds
        while not self._well(telephony):
            for role, program in self.programs.items():
                assert program.poll() is None, f"{role} ended with {program.returncode}:\n{self.tail()}"
            if time.monotonic() > deadline:
                raise AssertionError(f"not well within {seconds:g} s: {self.health('web')}\n{self.tail()}")
            time.sleep(0.05)
        self.run = {}
        for role in ("switchboard", "stand by", "web"):
            if role in self.programs:
                self.run |= json.loads(self.run_of(role).read_text())
        self._family = self.family()

    def health(self, role: str) -> dict[str, object]:
        """Empty while it does not answer."""
        try:
            found: dict[str, object] = httpx.get(f"http://127.0.0.1:{self.port(role)}/health", timeout=2.0).json()
        except httpx.TransportError:
            return {}
        return found

    def port(self, role: str) -> int:
        first = int(self.settings["HEALTH_PORT"])
        of_role = {"switchboard": first, "jobs": first + 1, "peers": first + 2, "stand by": self._stand_by_port}
        return of_role.get(role) or int(self.settings["HTTP_PORT"])

    def run_of(self, role: str) -> Path:
        name = "switchboard" if role == "stand by" else role
        return Path(self.settings["DATA_DIR"]) / f"run-{name}-{self.port(role)}.json"

    def kill_role(self, role: str) -> None:
        """kill -9 of this process alone."""
        self._family = self.family()
        self.programs[role].kill()
        self.programs.pop(role).wait()

    def stop(self) -> str:
        """SIGTERM to all at once, as a service manager does."""
        self._family = self.family()
        for program in self.programs.values():
            program.send_signal(signal.SIGTERM)
        for role, program in self.programs.items():
            assert program.wait(STOP_SECONDS) == 0, f"{role} ended with {program.returncode}:\n{self.tail()}"
        self.programs.clear()
        self.wait_until_nothing_runs(2.0)
        return self.tail(100_000)

    def kill(self) -> None:
        self._family = self.family()
        for program in self.programs.values():
            program.kill()
            program.wait()
        self.programs.clear()

    def family(self) -> frozenset[Running]:
        return frozenset().union(*(descendants(program.pid) for program in self.programs.values()))

    @property
    def running(self) -> bool:
        return any(program.poll() is None for program in self.programs.values())

    def processes(self) -> dict[str, int]:
        """Of the process that keeps PostgreSQL and Asterisk."""
        content = json.loads(self.run_of("peers").read_text())
        return {name: pid for name, pid in content["processes"].items() if pid is not None}

    def _well(self, telephony: bool) -> bool:
        healths = [self.health(role) for role in self.programs]
        there = all(each.get("database") == "up" and each.get("switchboard") != "down" for each in healths)
        files = all(self.run_of(role).exists() for role in self.programs)
        return there and files and (not telephony or all(each.get("telephony") != "down" for each in healths))


def journal(client: httpx.Client) -> list[dict[str, object]]:
    """Every row of the journal that this person may see, through all its pages."""
    rows: list[dict[str, object]] = []
    cursor: str | None = None
    while True:
        parameters = {"scope": "all", "limit": "200", **({"before": cursor} if cursor else {})}
        answer = client.get("/api/contacts", params=parameters)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += page["contacts"]
        cursor = page["next"]
        if cursor is None:
            return rows


def journal_of(client: httpx.Client, ani: str | None) -> list[dict[str, object]]:
    """The rows of this number; None: of those who withheld theirs."""
    return [row for row in journal(client) if row["ani"] == ani]


def shared_product(folders: pytest.TempPathFactory) -> Iterator[Product]:
    """Body of a session's fixture: started once, stopped at the end, which is a test in itself."""
    outside = f"127.0.0.1:{free_port()}"
    secrets = folders.mktemp("secrets")
    product = Product(folders.mktemp("product"), TRUNK_OUT=outside, SECRETS_DIR=str(secrets)).start()
    try:
        yield product
    finally:
        if product.running:
            product.stop()
