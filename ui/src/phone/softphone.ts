/** SIP over the page's own origin: registers, reports an INVITE, answers it. Knows nothing of desks. */
import { C, UA, WebSocketInterface } from "jssip";
import type { IceCandidateEvent, PeerConnectionEvent, RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent } from "jssip/lib/UA";

import type { SoftphoneAccount } from "@/api/types";
import { isOfUse } from "@/phone/candidate";

/** With a relay in the configuration: how long to wait for its candidate before answering without. */
const RELAY_WAIT_MS = 300;

export interface Invite {
  contact: string;
  offer: number;
  /** The server calls back into a call that goes on: answer at once. */
  rejoin: boolean;
  /** The agent has asked for this call: answer at once. */
  placed: boolean;
  number: string;
}

export interface SoftphoneEvents {
  line: (state: "connecting" | "registered" | "lost") => void;
  /** The server no longer knows this account: a fresh one is needed. */
  refused: () => void;
  invite: (invite: Invite) => void;
  up: (contact: string) => void;
  over: (contact: string) => void;
  voice: (stream: MediaStream | null) => void;
}

interface Leg {
  session: RTCSession;
  invite: Invite;
  connection: RTCPeerConnection | null;
  remote: MediaStream | null;
}

export class Softphone {
  private readonly ua: UA;
  /** Usually one; two for the moment when a rejoin replaces a line. The last is the one that counts. */
  private legs: Leg[] = [];
  private stopped = false;

  constructor(
    private readonly account: SoftphoneAccount,
    private readonly events: SoftphoneEvents,
  ) {
    const url = new URL(account.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.ua = new UA({
      sockets: [new WebSocketInterface(url.href)],
      uri: account.uri,
      authorization_user: account.user,
      password: account.password,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
      user_agent: "Otklik",
    });
    this.ua.on("registered", () => events.line("registered"));
    this.ua.on("disconnected", () => this.stopped || events.line("lost"));
    this.ua.on("connecting", () => this.stopped || events.line("connecting"));
    this.ua.on("unregistered", () => this.stopped || events.line("lost"));
    this.ua.on("registrationFailed", () => this.stopped || this.registrationFailed());
    this.ua.on("newRTCSession", (event: IncomingRTCSessionEvent) => this.take(event));
  }

  start(): void {
    this.ua.start();
  }

  stop(): void {
    this.stopped = true;
    for (const leg of this.legs) this.hangUp(leg);
    this.ua.stop();
  }

  get session(): RTCSession | null {
    return this.legs.at(-1)?.session ?? null;
  }

  get connection(): RTCPeerConnection | null {
    return this.legs.at(-1)?.connection ?? null;
  }

  get remote(): MediaStream | null {
    return this.legs.at(-1)?.remote ?? null;
  }

  get registered(): boolean {
    return this.ua.isRegistered();
  }

  /** Answers with this microphone. False: there is no such call to answer. */
  answer(contact: string, microphone: MediaStream | null): boolean {
    const leg = this.legs.find((one) => one.invite.contact === contact && one.session.isInProgress());
    if (!leg) return false;
    leg.session.answer({
      ...(microphone ? { mediaStream: microphone } : { mediaConstraints: { audio: true, video: false } }),
      pcConfig: { iceServers: this.account.ice_servers, bundlePolicy: "max-bundle" },
    });
    return true;
  }

  /** Keys to whoever is on the line, in the sound's own stream (RFC 4733). False: there is no such call here. */
  sendKeys(contact: string, keys: string): boolean {
    const leg = this.legs.find((one) => one.invite.contact === contact && one.session.isEstablished());
    if (!leg) return false;
    leg.session.sendDTMF(keys, { transportType: C.DTMF_TRANSPORT.RFC2833, duration: 120, interToneGap: 80 });
    return true;
  }

  /** A BYE for a call that is up. False: there is none here, or no way to say it. */
  hangUpTalking(contact: string): boolean {
    const leg = this.legs.find((one) => one.invite.contact === contact && one.session.isEstablished());
    if (!leg || !this.ua.isConnected()) return false;
    this.hangUp(leg);
    return true;
  }

  /** Only for when the server cannot be asked; it sees a BYE (or a 486 while ringing). */
  terminate(contact: string): void {
    for (const leg of this.legs) if (leg.invite.contact === contact) this.hangUp(leg);
  }

  async useMicrophone(stream: MediaStream): Promise<void> {
    const track = stream.getAudioTracks()[0];
    for (const leg of this.legs) {
      const sender = leg.connection?.getSenders().find((one) => one.track?.kind === "audio");
      if (sender && track) await sender.replaceTrack(track);
    }
  }

  private hangUp(leg: Leg): void {
    if (!leg.session.isEnded()) leg.session.terminate(leg.session.isInProgress() ? { status_code: 486 } : {});
  }

  private registrationFailed(): void {
    this.events.line("lost");
    if (this.ua.isConnected()) this.events.refused();
  }

  private take({ originator, session, request }: IncomingRTCSessionEvent): void {
    // The page never dials; whoever calls it without naming a contact is not our server.
    const contact = request.getHeader("X-Otklik-Contact") as string | undefined;
    if ((originator as string) !== "remote" || !contact) {
      session.terminate({ status_code: 486 });
      return;
    }
    const caller = session.remote_identity.uri.user;
    const invite: Invite = {
      contact,
      offer: Number(request.getHeader("X-Otklik-Offer")) || 0,
      rejoin: request.getHeader("X-Otklik-Rejoin") === "yes",
      placed: request.getHeader("X-Otklik-Placed") === "yes",
      // A withheld number comes as a word ("anonymous").
      number: /^\+?\d+$/.test(caller) ? caller : "",
    };
    const leg: Leg = { session, invite, connection: null, remote: null };
    const earlier = this.legs;
    this.legs = [...this.legs, leg];
    this.follow(leg);
    if (invite.rejoin) for (const old of earlier) this.hangUp(old);
    this.events.invite(invite);
  }

  private follow(leg: Leg): void {
    const { session, invite } = leg;
    const over = () => {
      const wasCurrent = this.legs.at(-1) === leg;
      this.legs = this.legs.filter((one) => one !== leg);
      if (!wasCurrent) return;
      this.events.voice(null);
      this.events.over(invite.contact);
    };
    session.on("ended", over);
    session.on("failed", over);
    session.on("confirmed", () => this.events.up(invite.contact));
    session.on("peerconnection", ({ peerconnection }: PeerConnectionEvent) => {
      leg.connection = peerconnection;
      peerconnection.addEventListener("track", (event) => {
        leg.remote = new MediaStream([event.track]);
        this.events.voice(leg.remote);
      });
    });
    session.on("icecandidate", this.earlyAnswer());
  }

  /** Chromium gathers for 120 ms; the first useful candidate is enough, the rest the peer learns by itself. */
  private earlyAnswer(): (event: IceCandidateEvent) => void {
    const relayed = this.account.ice_servers.some((server) => [server.urls].flat().some((url) => url.startsWith("turn")));
    let timer: number | undefined;
    return ({ candidate, ready }) => {
      if (!isOfUse(candidate)) return;
      if (!relayed || candidate.type === "relay") {
        clearTimeout(timer);
        ready();
      } else timer ??= window.setTimeout(ready, RELAY_WAIT_MS);
    };
  }
}
