"""The embedded Asterisk, for real: who gets in, what callers hear while our program is away, what a kill does."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import re
import signal
import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from otklik.embedded import asterisk, child
from otklik.embedded.asterisk import PROXY_ADDRESS, AsteriskFound, AsteriskPlan, EmbeddedAsterisk, Phone
from otklik.embedded.faults import Unavailable
from otklik.errors import AppError
from tests import peers
from tests.embedded import sip, stasis
from tests.embedded.conftest import PHONE, plan_in, write_wav


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def test_caller_gets_503_while_our_program_is_away(running: EmbeddedAsterisk) -> None:
    attempt = await sip.call("1000", running.plan.sip_port)
    assert attempt.final == 503


async def test_caller_hears_the_announcement_while_our_program_is_away(running: EmbeddedAsterisk) -> None:
    assert running.plan.announcement is not None
    write_wav(running.plan.announcement)
    try:
        attempt = await sip.call("1000", running.plan.sip_port)
    finally:
        running.plan.announcement.unlink()
    assert attempt.final == 200
    assert attempt.bye
    assert attempt.rtp >= 5


@pytest.mark.parametrize(
    "number",
    ["1000", "+74951234567", "5", "*", "kontakt", "Sales", "h1", "12*34#", "1" * 79],
    ids=lambda text: text[:12],
)
async def test_every_number_reaches_our_program_which_may_refuse_it(running: EmbeddedAsterisk, number: str) -> None:
    async with stasis.program(running) as program:
        attempt = await sip.call(number.replace("#", "%23"), running.plan.sip_port)
        event = await program.next_call()
    assert event["channel"]["dialplan"]["exten"] == number
    assert event["args"] == []
    assert attempt.final == 404


@pytest.mark.parametrize("number", ["h", "s", "-", "%D1%8F"])
async def test_what_cannot_be_a_number_gets_404_without_us(running: EmbeddedAsterisk, number: str) -> None:
    attempt = await sip.call(number, running.plan.sip_port)
    assert attempt.final == 404


async def test_a_number_longer_than_asterisk_can_hold_is_refused(running: EmbeddedAsterisk) -> None:
    async with stasis.program(running):
        attempt = await sip.call("9" * 500, running.plan.sip_port)
    assert attempt.final == 404


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("<sip:+79161234567@127.0.0.1>", "+79161234567"),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', "anonymous"),
        ("<sip:127.0.0.1>", ""),
        ('"Ёлка" <sip:%D1%91@127.0.0.1>', "ё"),
    ],
    ids=["number", "anonymous", "nobody", "letters"],
)
async def test_callers_with_and_without_a_number_reach_our_program(
    running: EmbeddedAsterisk, caller: str, number: str
) -> None:
    async with stasis.program(running) as program:
        await sip.call("1000", running.plan.sip_port, caller=caller)
        event = await program.next_call()
    assert event["channel"]["caller"]["number"] == number


@pytest.mark.parametrize("name", ["trunk", "101", "stranger"])
async def test_nobody_calls_without_a_password_from_where_browsers_come(running: EmbeddedAsterisk, name: str) -> None:
    attempt = await sip.call("1000", running.plan.sip_port, source=PROXY_ADDRESS, caller=f"<sip:{name}@127.0.0.1>")
    assert attempt.final == 401


@pytest.mark.parametrize("name", ["trunk", "101", "stranger"])
async def test_a_page_cannot_call_without_a_password(running: EmbeddedAsterisk, name: str) -> None:
    url = running.ws_url
    request = sip.invite(
        "1000", "page.invalid", 5060, via="WS", caller=f"<sip:{name}@127.0.0.1>", sdp=sip.SDP.format(port=40000)
    )
    async with connect(url, subprotocols=["sip"], local_addr=(PROXY_ADDRESS, 0)) as page:  # type: ignore[list-item]
        await page.send(request)
        async with asyncio.timeout(30):
            answer = await page.recv()
    assert str(answer).startswith("SIP/2.0 401 ")


async def test_a_desk_phone_registers_with_its_password_and_calls_in(running: EmbeddedAsterisk, tmp_path: Path) -> None:
    async with stasis.program(running) as program:
        with baresip(tmp_path, running.plan.sip_port, PHONE.password):
            event = await program.next_call()
            while (await stasis.get(running, f"endpoints/PJSIP/{PHONE.user}"))["state"] != "online":
                await asyncio.sleep(0.02)
    assert event["channel"]["caller"] == {"name": PHONE.name, "number": PHONE.user}
    assert event["channel"]["dialplan"]["context"] == "inbound"


@contextlib.contextmanager
def baresip(folder: Path, sip_port: int, password: str) -> Iterator[None]:
    """A desk phone that registers and dials 1000."""
    command = peers.baresip()
    modules = ("stdio.so", "g711.so", "account.so", "menu.so", "aufile.so")
    (folder / "config").write_text(
        f"module_path {peers.baresip_modules()}\n"
        f"sip_listen 127.0.0.1:0\nrtp_ports 32200-32299\naudio_source aufile,{write_wav(folder / 'talk.wav', 3)}\n"
        + "".join(f"module {name}\n" for name in modules)
    )
    (folder / "accounts").write_text(f"<sip:{PHONE.user}@127.0.0.1:{sip_port}>;auth_pass={password}\n")
    with (folder / "output.txt").open("wb") as output:
        phone = subprocess.Popen(
            [*command.argv, "-f", str(folder), "-e", f"d sip:1000@127.0.0.1:{sip_port}", "-t", "20"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **command.env},
        )
    try:
        yield
    finally:
        phone.kill()
        phone.wait()


async def test_only_sip_is_reachable_and_control_stays_on_loopback(running: EmbeddedAsterisk) -> None:
    assert running.pid is not None
    ours = {os.readlink(path) for path in Path(f"/proc/{running.pid}/fd").iterdir() if "socket:" in os.readlink(path)}
    listening = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] == "0A" and f"socket:[{words[9]}]" in ours:
            address, port = words[1].split(":")
            listening[int(port, 16)] = socket.inet_ntoa(bytes.fromhex(address)[::-1])
    http = int(running.ari_url.rpartition(":")[2])
    assert listening == dict.fromkeys((running.plan.sip_port, http, running.ami_port), "127.0.0.1")


async def test_secrets_are_long_and_nobody_else_can_read_them(running: EmbeddedAsterisk) -> None:
    folder = running.plan.folder
    assert len(running.ari_password) == len(running.ami_password) == 48
    assert running.ari_password != running.ami_password
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in (folder / "secrets.json", folder / "etc/ari.conf", folder / "etc/pjsip.conf", running.certificate):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_start_leaves_no_complaint_in_the_log(found: AsteriskFound, short_folder: Path) -> None:
    """One of its own: what other tests do to theirs, a program that comes back in the same moment say, is complained of."""
    server = await asterisk.start(plan_in(short_folder), found)
    try:
        await stasis.get(server, "asterisk/info")
        lines = (server.plan.folder / "log/messages.log").read_text().splitlines()
    finally:
        await server.stop()
    assert lines
    assert [line for line in lines if re.search(r" (ERROR|WARNING)\[\d+\] ", line)] == []


async def test_killed_asterisk_is_back_at_once_with_the_same_ports_and_secrets(
    found: AsteriskFound, short_folder: Path
) -> None:
    server = await asterisk.start(plan_in(short_folder), found)
    try:
        before = (server.ari_url, server.ami_port, server.ari_password, server.pid)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: server.restarts == 1)
        assert (server.ari_url, server.ami_port, server.ari_password) == before[:3]
        assert server.pid not in (None, before[3])
        assert (await sip.call("1000", server.plan.sip_port)).final == 503
    finally:
        await server.stop()


async def test_an_asterisk_that_outlived_its_parent_is_ended_by_the_next_start(
    found: AsteriskFound, short_folder: Path
) -> None:
    plan = plan_in(short_folder)
    server = await asterisk.start(plan, found)
    await server.stop()
    words = [*found.command.argv, "-f", "-n", "-C", str(plan.folder / "etc/asterisk.conf")]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as orphan:
        try:
            await until((plan.folder / "run/asterisk.ctl").exists)
            server = await asterisk.start(plan, found)
            await server.stop()
            assert orphan.poll() == -signal.SIGKILL
        finally:
            orphan.kill()


async def test_what_an_asterisk_wrote_past_its_logs_is_in_the_fault_beside_them(
    found: AsteriskFound, short_folder: Path
) -> None:
    plan = plan_in(short_folder)
    logs = plan.folder / "log"
    logs.mkdir(parents=True)
    (logs / "messages.log").write_text("Asterisk is starting\n")
    broken = child.Command(argv=("/bin/sh", "-c", "echo it is already running >&2; exit 1"))
    with pytest.raises(Unavailable) as refused:
        await asterisk.start(plan, dataclasses.replace(found, command=broken))
    assert refused.value.code == "asterisk_failed"
    told = refused.value.message("en")
    assert "Asterisk is starting" in told and "it is already running" in told


async def test_a_log_that_grows_long_is_put_aside_while_asterisk_runs(
    found: AsteriskFound, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk, "SWEEP_SECONDS", 0.1)
    server = await asterisk.start(plan_in(short_folder), found)
    log = server.plan.folder / "log/messages.log"
    try:
        with log.open("ab") as file:
            file.write(b"x" * child.LOG_LIMIT_BYTES)
        await until(lambda: log.with_name("messages.log.1").exists() and log.exists())
        assert log.stat().st_size < 10_000
        await sip.call("1000", server.plan.sip_port, source=PROXY_ADDRESS)
        await sip.call("1000", server.plan.sip_port)
        await until(lambda: "otklik" in log.read_text())
    finally:
        await server.stop()


async def test_a_taken_sip_port_is_named_with_its_setting(found: AsteriskFound, short_folder: Path) -> None:
    plan = plan_in(short_folder)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", plan.sip_port))
        with pytest.raises(AppError) as refused:
            await asterisk.start(plan, found)
    assert refused.value.code == "port_in_use"
    assert str(plan.sip_port) in refused.value.message("ru")
    assert "OTKLIK_SIP_PORT" in refused.value.message("en")


async def test_an_asterisk_without_a_needed_part_is_refused_and_stopped(
    found: AsteriskFound, short_folder: Path
) -> None:
    modules = short_folder / "modules"
    modules.mkdir()
    for module in found.modules.iterdir():
        if module.name != "app_chanspy.so":
            (modules / module.name).symlink_to(module)
    plan = plan_in(short_folder)
    with pytest.raises(Unavailable) as refused:
        await asterisk.start(plan, dataclasses.replace(found, modules=modules))
    assert refused.value.code == "asterisk_modules"
    # Others lean on it and are named too.
    assert "app_chanspy" in refused.value.message("ru")
    assert "app_mixmonitor" in refused.value.message("ru")


@pytest.mark.parametrize("address", [PROXY_ADDRESS, "127.0.0.0/8", "0.0.0.0/0", "1.2.3", "a b", "x\nmatch=1.1.1.1", ""])
def test_a_trunk_can_be_neither_the_proxy_nor_nonsense(tmp_path: Path, address: str) -> None:
    with pytest.raises(AppError) as refused:
        AsteriskPlan(folder=tmp_path, sip_port=5060, rtp_ports=(1, 2), music=tmp_path, trunk_addresses=(address,))
    assert refused.value.field == "OTKLIK_TRUNK_ADDRESSES"
    assert refused.value.message("ru")


@pytest.mark.parametrize(
    "phone",
    [
        Phone(user="trunk", password="long-enough", name="x"),
        Phone(user="a b", password="long-enough", name="x"),
        Phone(user="101", password="short", name="x"),
        Phone(user="101", password="long-enough", name='x" <1>\ncontext=agents'),
    ],
    ids=["the trunk's name", "a space", "a short password", "a line break"],
)
def test_a_phone_cannot_write_into_the_configuration(tmp_path: Path, phone: Phone) -> None:
    with pytest.raises(AppError):
        AsteriskPlan(folder=tmp_path, sip_port=5060, rtp_ports=(1, 2), music=tmp_path, phones=(phone,))


async def test_the_control_socket_of_a_deep_folder_is_put_where_it_fits(found: AsteriskFound, tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 25)
    deep.mkdir()
    server = await asterisk.start(plan_in(deep), found)
    try:
        assert (await sip.call("1000", server.plan.sip_port)).final == 503
    finally:
        await server.stop()


async def test_espeak_of_the_tree_speaks_russian_and_english(found: AsteriskFound, tmp_path: Path) -> None:
    assert found.espeak is not None
    for language, text in (("ru", "Здравствуйте"), ("en-us", "Hello")):
        wav = tmp_path / f"{language}.wav"
        done = subprocess.run(
            [*found.espeak.argv, "-v", language, "-w", str(wav), text],
            env={**os.environ, **found.espeak.env},
            check=False,
        )
        assert done.returncode == 0
        assert wav.stat().st_size > 10_000


def test_the_newest_tree_is_found_and_a_spoiled_one_passed_over(found: AsteriskFound, tmp_path: Path) -> None:
    folder = tmp_path / "asterisk"
    folder.mkdir()
    (folder / "real").symlink_to(found.place)
    spoiled = folder / "spoiled"
    spoiled.mkdir()
    (spoiled / "tree.json").write_text(json.dumps({"recipe": 1, "version": "99.0"}))
    again = asterisk.find(tmp_path)
    assert again is not None
    assert again.version == found.version


@pytest.mark.parametrize("says", ["Asterisk 20.6.0~dfsg+~cs6.13", "Asterisk 18.10.0", "nonsense", ""])
def test_an_asterisk_of_the_system_that_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    program = tmp_path / "asterisk"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert asterisk.find(tmp_path / "no cache") is None
