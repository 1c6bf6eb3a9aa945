"""The configuration files of the embedded Asterisk, as text. Pure: all values are given.

Why each line is as it is: `docs/explanation/asterisk.md`. Files that are only there to be empty keep Asterisk from
complaining at every start.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from otklik.embedded.asterisk_plan import TRUNK, AsteriskPlan
from otklik.embedded.asterisk_tree import AsteriskFound

APP: Final = "otklik"
OPEN_FILES: Final = 20000
PRIVATE_NETWORKS: Final = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
)
EMPTY: Final = (
    "acl ccss cel chan_websocket cli_permissions codecs dnsmgr features pjproject udptl websocket_client".split()
)
# Nobody listens to AMI; without this list every step of every call is put into words for it and wakes its thread.
UNHEARD_EVENTS: Final = (
    "Newchannel Newstate Newexten NewCallerid NewConnectedLine NewAccountCode Hangup HangupRequest SoftHangupRequest "
    "HangupHandlerPush HangupHandlerRun HangupHandlerPop DialBegin DialEnd DialState VarSet RTCPSent RTCPReceived "
    "MusicOnHoldStart MusicOnHoldStop BridgeCreate BridgeEnter BridgeLeave BridgeDestroy DTMFBegin DTMFEnd Hold Unhold "
    "MixMonitorStart MixMonitorStop MixMonitorMute ChanSpyStart ChanSpyStop LocalBridge ContactStatus PeerStatus "
    "DeviceStateChange SuccessfulAuth ChallengeSent InvalidPassword UserEvent"
).split()
# Made and put into words for every variable of every channel, every report about packets, and for Asterisk's own tests at half a dozen
# steps of each call where it was built with them, as Debian's is; and used by nobody. AMI does not start without most other kinds.
UNHEARD_MESSAGES: Final = (
    "ast_channel_varset_type",
    "ast_rtp_rtcp_sent_type",
    "ast_rtp_rtcp_received_type",
    "ast_test_suite_message_type",
)
# ITU-T E.180 tones, as Asterisk's own sample has them.
INDICATIONS: Final = """[general]
country=ru

[ru]
description=Russian Federation
ringcadence=1000,4000
dial=425
busy=425/350,0/350
ring=425/1000,0/4000
congestion=425/175,0/175
callwaiting=425/200,0/5000
record=1400/400,0/15000
info=950/330,1400/330,1800/330,0/1000
"""

# Without any of these a call does not work; checked by ARI after every start.
NEEDED: Final = (
    "bridge_simple bridge_native_rtp bridge_softmix bridge_holding chan_pjsip "
    "codec_ulaw codec_alaw codec_a_mu codec_resample "
    "format_wav format_pcm format_sln pbx_config app_stasis app_playback "
    "app_mixmonitor app_chanspy func_periodic_hook func_cut func_groupcount func_uri func_env "
    "func_callerid func_channel func_hangupcause "
    "res_http_websocket res_websocket_client "
    "res_ari res_ari_model res_ari_applications res_ari_asterisk res_ari_bridges res_ari_channels "
    "res_ari_device_states res_ari_endpoints res_ari_events res_ari_playbacks res_ari_recordings res_ari_sounds "
    "res_stasis res_stasis_answer res_stasis_device_state res_stasis_playback res_stasis_recording "
    "res_stasis_snoop res_musiconhold "
    "res_pjproject res_pjsip res_pjsip_session res_pjsip_pubsub res_pjsip_sdp_rtp res_pjsip_caller_id "
    "res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_outbound_registration "
    "res_pjsip_registrar res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_dtmf_info "
    "res_pjsip_header_funcs res_pjsip_nat res_pjsip_refer res_pjsip_rfc3326 res_pjsip_transport_websocket "
    "res_rtp_asterisk res_srtp res_crypto res_sorcery_config res_sorcery_memory res_sorcery_memory_cache res_sorcery_astdb "
    "res_timing_timerfd"
).split()
WELCOME: Final = (
    "chan_websocket codec_opus_open_source codec_opus res_format_attr_opus codec_g722 codec_gsm format_gsm".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    ari_password: str
    ami_password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Folders of a running Asterisk; `run` holds its control socket and must be short."""

    folder: Path
    run: Path

    @property
    def etc(self) -> Path:
        return self.folder / "etc"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings"

    def all(self) -> tuple[Path, ...]:
        spool = self.folder / "spool"
        here = (self.etc, self.log, self.recordings, self.folder / "db", self.folder / "keys")
        return (*here, spool, spool / "monitor", spool / "recording", spool / "tmp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nat:
    """Our own address, and the one that the world sees instead of it."""

    inside: str
    outside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    http: int
    ami: int


def files(
    plan: AsteriskPlan, found: AsteriskFound, places: Places, secrets: Secrets, ports: Ports, nat: Nat | None
) -> dict[str, str]:
    """File name → text."""
    written = {
        "asterisk.conf": _asterisk(found, places),
        "modules.conf": _modules(found.modules),
        "logger.conf": _section("general", dateformat="%F %T.%3q", rotatestrategy="none")
        + _section("logfiles", **{"messages.log": "notice,warning,error"}),
        "http.conf": _section(
            "general",
            enabled="yes",
            servername="Otklik",
            bindaddr="127.0.0.1",
            bindport=ports.http,
            sessionlimit=10000,
            enable_static="no",
            enable_status="no",
        ),
        # A page of ours may be busy for a moment; Asterisk's default of 100 ms would cut the connection.
        "ari.conf": _section("general", enabled="yes", pretty="no", websocket_write_timeout=2000)
        + _section(APP, type="user", read_only="no", password=secrets.ari_password),
        # MixMonitor needs the right to `system`, with which one may run commands: hence loopback and a long secret.
        "manager.conf": _section(
            "general",
            enabled="yes",
            bindaddr="127.0.0.1",
            port=ports.ami,
            displayconnects="no",
            authtimeout=5,
            disabledevents=",".join(UNHEARD_EVENTS),
        )
        + _section(APP, secret=secrets.ami_password, read="none", write="system,call", writetimeout=2000),
        "rtp.conf": _rtp(plan, nat),
        # Contacts are accounted for by our event log.
        "cdr.conf": _section("general", enable="no"),
        "indications.conf": INDICATIONS,
        "sorcery.conf": _sorcery(),
        "stasis.conf": "[declined_message_types]\n" + "".join(f"decline={kind}\n" for kind in UNHEARD_MESSAGES),
        "pjsip.conf": _pjsip(plan, nat),
        "extensions.conf": _extensions(plan.announcement),
        "musiconhold.conf": _section("default", mode="files", directory=plan.music, sort="alpha")
        + (f"#tryinclude {plan.classes}\n" if plan.classes is not None else ""),
    }
    return {**{f"{name}.conf": "" for name in EMPTY}, **written}


def _section(name: str, /, **fields: object) -> str:
    return f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in fields.items()) + "\n"


def _asterisk(found: AsteriskFound, places: Places) -> str:
    spool = places.folder / "spool"
    directories = _section(
        "directories",
        astetcdir=places.etc,
        astmoddir=found.modules,
        astvarlibdir=places.folder,
        astdbdir=places.folder / "db",
        astkeydir=places.folder,
        astdatadir=found.share,
        astagidir=places.folder / "agi",
        astspooldir=spool,
        astrundir=places.run,
        astlogdir=places.log,
        astsbindir=places.folder,
    )
    return directories + _section(
        "options", maxfiles=OPEN_FILES, nocolor="yes", hideconnect="yes", live_dangerously="no", systemname="otklik"
    )


def _modules(folder: Path) -> str:
    welcome = [name for name in WELCOME if (folder / f"{name}.so").exists()]
    return "[modules]\nautoload=no\n" + "".join(f"load={name}.so\n" for name in (*NEEDED, *welcome))


def _rtp(plan: AsteriskPlan, nat: Nat | None) -> str:
    first, last = plan.rtp_ports
    text = _section("general", rtpstart=first, rtpend=last)
    if nat is None:
        # A STUN server would only be asked, and waited for, at every call.
        return text
    if plan.stun is not None:
        text = _section("general", rtpstart=first, rtpend=last, stunaddr=plan.stun)
    # Browsers outside are offered the public address; those inside keep the one that reaches us.
    return text + f"[ice_host_candidates]\n{nat.inside} => {nat.outside},include_local_address\n"


def _sorcery() -> str:
    """Phones and trunks from the file, agents' pages by ARI into memory. Registrations in astdb, where a restart finds
    them, with a copy in memory: else every ring begins with a scan of a table of all of them."""
    kinds = ("endpoint", "auth", "aor")
    lines = [f"{kind}=config,pjsip.conf,criteria=type={kind}\n{kind}=memory\n" for kind in kinds]
    contacts = "contact/cache=memory_cache,full_backend_cache=yes\ncontact=astdb,registrar\n"
    return "[res_pjsip]\n" + contacts + "".join(lines)


def _pjsip(plan: AsteriskPlan, nat: Nat | None) -> str:
    bind = f"{plan.bind_address}:{plan.sip_port}"
    outside = ""
    if nat is not None:
        outside = f"external_signaling_address={nat.outside}\nexternal_media_address={nat.outside}\n"
        outside += "".join(f"local_net={network}\n" for network in PRIVATE_NETWORKS)
    text = _section(
        "global",
        type="global",
        user_agent="Otklik",
        max_forwards=20,
        endpoint_identifier_order="auth_username,username,ip",
        keep_alive_interval=30,
        ignore_uri_user_options="yes",
        mwi_disable_initial_unsolicited="yes",
    )
    text += _section("system", type="system", disable_tcp_switch="yes")
    for kind in ("udp", "tcp"):
        text += f"[{kind}]\ntype=transport\nprotocol={kind}\nbind={bind}\nallow_reload=no\n{outside}\n"
    text += _section("ws", type="transport", protocol="ws", bind="127.0.0.1")
    if plan.trunk_addresses or plan.calls_out:
        text += _trunk(plan.trunk_addresses)
    return text + "".join(_phone(phone.user, phone.password, phone.name) for phone in plan.phones)


_LINE: Final[dict[str, str]] = {
    "context": "inbound",
    "disallow": "all",
    "allow": "ulaw,alaw",
    "direct_media": "no",
    "rtp_symmetric": "yes",
    "force_rport": "yes",
    # As events beside the sound (RFC 4733); with a telephone that offers none, by SIP INFO. What comes by INFO counts always.
    "dtmf_mode": "auto_info",
    # An unknown number is 404 at once, never 484 "dial on".
    "allow_overlap": "no",
    # Transfers and subscriptions of the other side would act past our program.
    "allow_transfer": "no",
    "allow_subscribe": "no",
    # A customer whose network died must not stay for ever; silence suppression must not look like that.
    "rtp_timeout": "300",
    "rtp_timeout_hold": "3600",
}


def _trunk(addresses: tuple[str, ...]) -> str:
    # Never by the name in From, which anybody may write.
    endpoint = _section(TRUNK, type="endpoint", identify_by="ip", trust_id_inbound="yes", **_LINE)
    if not addresses:
        return endpoint
    return (
        endpoint
        + f"[{TRUNK}]\ntype=identify\nendpoint={TRUNK}\nsrv_lookups=no\n"
        + "".join(f"match={_match(address)}\n" for address in addresses)
        + "\n"
    )


def _match(address: str) -> str:
    try:
        return str(ipaddress.ip_network(address, strict=False))
    except ValueError:
        return address


def _phone(user: str, password: str, name: str) -> str:
    return (
        _section(
            user,
            type="endpoint",
            auth=user,
            aors=user,
            identify_by="auth_username,username",
            callerid=f'"{name}" <{user}>',
            rewrite_contact="yes",
            **_LINE,
        )
        + _section(user, type="auth", auth_type="userpass", username=user, password=password)
        + _section(user, type="aor", max_contacts=2, remove_existing="yes", qualify_frequency=60)
    )


def _extensions(announcement: Path | None) -> str:
    """`_X.` needs two characters: a single one is taken only if it is no name that Asterisk itself uses (h, i, s, t).
    When our program is down Stasis fails and the call goes on here: 503, after the announcement if there is one."""
    lines = ["Stasis(otklik)", 'GotoIf($["${STASISSTATUS}" = "SUCCESS"]?done)']
    if announcement is not None:
        lines += [
            f"GotoIf($[${{STAT(e,{announcement})}}]?:busy)",
            "Answer()",
            f"Playback({announcement.with_suffix('')})",
        ]
    body = "".join(f" same => n,{line}\n" for line in lines[1:])
    body += " same => n(busy),Hangup(34)\n same => n(done),Hangup()\n"
    text = "[general]\nstatic=yes\nwriteprotect=yes\n\n[inbound]\n"
    for pattern in ("_[+0-9*#]", "_[+0-9a-zA-Z*#]."):
        text += f"exten => {pattern},1,{lines[0]}\n{body}"
    text += "\n[agents]\nexten => _[+0-9a-zA-Z*#].,1,Stasis(otklik,agent-dialled)\n same => n,Hangup()\n"
    return text
