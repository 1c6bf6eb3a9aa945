"""The text of Asterisk's configuration, where it depends on the plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from otklik.embedded.asterisk_config import Nat, Places, Ports, Secrets, files
from otklik.embedded.asterisk_plan import AsteriskPlan, Phone
from otklik.embedded.asterisk_tree import AsteriskFound
from otklik.embedded.child import Command


@pytest.fixture
def plan(tmp_path: Path) -> AsteriskPlan:
    return AsteriskPlan(folder=tmp_path, sip_port=5060, rtp_ports=(20000, 20999), music=tmp_path / "music")


def texts(plan: AsteriskPlan, nat: Nat | None = None) -> dict[str, str]:
    here = plan.folder
    found = AsteriskFound(
        version="22.10.1",
        origin="system",
        place=here,
        command=Command(argv=("/usr/sbin/asterisk",)),
        modules=here,
        share=here,
        espeak=None,
    )
    secrets = Secrets(ari_password="a" * 48, ami_password="b" * 48)
    return files(plan, found, Places(folder=here, run=here), secrets, Ports(http=18088, ami=15038), nat)


def test_without_a_public_address_sip_is_for_this_machine_only(plan: AsteriskPlan) -> None:
    pjsip = texts(plan)["pjsip.conf"]
    assert [line for line in pjsip.splitlines() if line.startswith("bind=")] == [
        "bind=127.0.0.1:5060",
        "bind=127.0.0.1:5060",
        "bind=127.0.0.1",
    ]
    assert "external_" not in pjsip


def test_behind_a_nat_peers_outside_are_told_the_public_address(plan: AsteriskPlan) -> None:
    public = replace(plan, public_address="203.0.113.5")
    written = texts(public, Nat(inside="10.0.0.7", outside="203.0.113.5"))
    assert "bind=0.0.0.0:5060" in written["pjsip.conf"]
    assert "external_media_address=203.0.113.5" in written["pjsip.conf"]
    assert "external_signaling_address=203.0.113.5" in written["pjsip.conf"]
    assert "local_net=10.0.0.0/8" in written["pjsip.conf"]
    assert "10.0.0.7 => 203.0.113.5,include_local_address" in written["rtp.conf"]


def test_a_public_address_of_our_own_needs_no_translation(plan: AsteriskPlan) -> None:
    written = texts(replace(plan, public_address="203.0.113.5"))
    assert "bind=0.0.0.0:5060" in written["pjsip.conf"]
    assert "external_" not in written["pjsip.conf"]
    assert "ice_host_candidates" not in written["rtp.conf"]


def test_without_trunks_nobody_calls_without_a_password(plan: AsteriskPlan) -> None:
    assert "identify" not in texts(plan)["pjsip.conf"]


def test_trunks_are_known_by_address_and_never_by_name(plan: AsteriskPlan) -> None:
    pjsip = texts(replace(plan, trunk_addresses=("198.51.100.7", "198.51.100.64/26", "sip.example.net")))["pjsip.conf"]
    assert [line for line in pjsip.splitlines() if line.startswith(("match=", "identify_by="))] == [
        "identify_by=ip",
        "match=198.51.100.7/32",
        "match=198.51.100.64/26",
        "match=sip.example.net",
    ]


def test_a_desk_phone_has_a_password_and_calls_in_as_itself(plan: AsteriskPlan) -> None:
    pjsip = texts(replace(plan, phones=(Phone(user="101", password="long-enough", name="Анна"),)))["pjsip.conf"]
    for line in ("identify_by=auth_username,username", 'callerid="Анна" <101>', "password=long-enough"):
        assert line in pjsip


def test_no_endpoint_may_transfer_or_dial_on(plan: AsteriskPlan) -> None:
    full = replace(plan, trunk_addresses=("192.0.2.1",), phones=(Phone(user="101", password="long-enough", name="A"),))
    pjsip = texts(full)["pjsip.conf"]
    endpoints = pjsip.count("type=endpoint")
    for line in ("allow_transfer=no", "allow_overlap=no", "allow_subscribe=no", "context=inbound"):
        assert pjsip.count(line) == endpoints == 2


def test_what_controls_asterisk_listens_on_loopback_only(plan: AsteriskPlan) -> None:
    written = texts(replace(plan, public_address="203.0.113.5"))
    assert "bindaddr=127.0.0.1\nbindport=18088" in written["http.conf"]
    assert "bindaddr=127.0.0.1\nport=15038" in written["manager.conf"]


def test_pages_that_dial_reach_only_our_program(plan: AsteriskPlan) -> None:
    agents = texts(plan)["extensions.conf"].partition("[agents]\n")[2]
    assert agents == "exten => _[+0-9a-zA-Z*#].,1,Stasis(otklik,agent-dialled)\n same => n,Hangup()\n"
