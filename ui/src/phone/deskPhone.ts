/**
 * The agent's telephone in this page: follows the live state, keeps a registered line through the shift,
 * comes back into a call after a reload. The server owns every call; this only carries the sound.
 */
import { ApiError } from "@/api/client";
import * as desk from "@/api/desk";
import { answerFor, joinCall } from "@/api/supervision";
import { onLine, type DeskContact, type Joining, type LiveState, type PhoneKind, type SoftphoneAccount } from "@/api/types";
import { currentFeed, onFeed } from "@/live/connection";
import { exposeDiagnostics } from "@/phone/diagnostics";
import { closeMicrophone, microphoneStream, openMicrophone, rememberMicrophone, silence } from "@/phone/microphone";
import { askOwnerToAccept, claim, letGo, onAskedToAccept, type Owner } from "@/phone/ownership";
import type { Invite, Softphone, SoftphoneEvents } from "@/phone/softphone";
import { audio, hear, playEnded, playRingOnce, unlockSound } from "@/phone/sound";
import { phone, PHONE_OFF, setPhone, usePhone } from "@/phone/state";

/** After our line ended, how long the live state may still show the call before we ask to rejoin. */
const SETTLE_MS = 1_500;
const REJOIN_EVERY_MS = 3_000;
const FRESH_ACCOUNT_EVERY_MS = 2_000;

const inConversation = (contact: DeskContact) => onLine(contact) && ["talking", "held", "rejoining"].includes(contact.state);

/** Until the line is registered, or ten seconds have shown that it will not be. */
function untilRegistered(): Promise<void> {
  return new Promise((done) => {
    const stop = usePhone.subscribe(({ line }) => line === "registered" && finish());
    const timer = setTimeout(finish, 10_000);
    function finish() {
      clearTimeout(timer);
      stop();
      done();
    }
    if (phone().line === "registered") finish();
  });
}

class DeskPhone {
  private softphone: Softphone | null = null;
  private unsubscribe: (() => void)[] = [];
  private account: SoftphoneAccount | null = null;
  private quietUntil = 0;
  /** The contact whose end the agent has asked for. */
  private ended: string | null = null;
  /** A supervisor's: on no shift, a telephone from the first call that is joined. */
  private oversees = false;
  private recheck: number | undefined;
  private renewal: number | undefined;

  /** Call once after sign-in of somebody who may use the desk, or `oversees`. */
  attach(oversees = false): void {
    this.oversees = oversees;
    if (this.unsubscribe.length > 0) return;
    exposeDiagnostics(() => this.softphone);
    onAskedToAccept((contact) => phone().place === "here" && this.accept(contact));
    const unlock = () => phone().sound === "locked" && phone().line !== "off" && void this.unlock();
    for (const gesture of ["pointerdown", "keydown"] as const) {
      window.addEventListener(gesture, unlock);
      this.unsubscribe.push(() => window.removeEventListener(gesture, unlock));
    }
    // Plugged in again, also after it was looked for in vain.
    const devices = () => phone().place === "here" && ["lost", "missing", "busy"].includes(phone().microphone) && void this.reopenMicrophone();
    if ("mediaDevices" in navigator) {
      navigator.mediaDevices.addEventListener("devicechange", devices);
      this.unsubscribe.push(() => navigator.mediaDevices.removeEventListener("devicechange", devices));
    }
    this.unsubscribe.push(onFeed((feed) => this.follow(feed.state)));
    const feed = currentFeed();
    if (feed) this.follow(feed.state);
  }

  detach(): void {
    for (const stop of this.unsubscribe) stop();
    this.unsubscribe = [];
    this.stop();
  }

  /** The "start shift" click. True when the shift runs; else the phone's state says what is in the way. */
  async startShift(at: PhoneKind = "page"): Promise<boolean> {
    setPhone({ starting: true });
    try {
      await unlockSound();
      if (at === "page" && !(await openMicrophone(audio()))) return false;
      await this.askNotifications();
      this.account = await desk.startShift(at);
      if (at !== "page") return true;
      playRingOnce();
      // Said before the lock is ours: the live state may change meanwhile, and `follow` must not ask for it as well.
      setPhone({ place: "claiming" });
      await claim(this.owner, true);
      return true;
    } finally {
      setPhone({ starting: false });
    }
  }

  /** Between calls: another telephone from now on. The live state then connects this page's or lets it go. */
  async takeCallsAt(at: PhoneKind): Promise<void> {
    if (at === "page") {
      await unlockSound();
      await openMicrophone(audio());
    }
    await desk.choosePhone(at);
  }

  /** A supervisor joins a call. The ring is answered by itself; the phone's state says what is in the way. */
  async join(contact: string, way: Joining): Promise<void> {
    if (!(await this.ownLine())) return;
    setPhone({ accepting: contact });
    await joinCall(contact, way);
  }

  /** A supervisor answers what rings at an agent. Likewise; false: there is no microphone. */
  async answerFor(contact: string): Promise<boolean> {
    if (!(await this.ownLine())) return false;
    setPhone({ accepting: contact });
    await answerFor(contact);
    return true;
  }

  /** A supervisor's, who is on no shift. False: there is no microphone. */
  private async ownLine(): Promise<boolean> {
    if (phone().line === "registered") return true;
    setPhone({ starting: true });
    try {
      await unlockSound();
      if (!(await openMicrophone(audio()))) return false;
      setPhone({ place: "claiming" });
      await claim(this.owner, true);
      await untilRegistered();
      return true;
    } finally {
      setPhone({ starting: false });
    }
  }

  async endShift(): Promise<void> {
    // The line stays while a contact is in hand; the live state says when the agent is gone.
    await desk.endShift();
  }

  takeHere(): void {
    void unlockSound();
    void claim(this.owner, true);
  }

  async unlock(): Promise<void> {
    await unlockSound();
    hear(this.softphone?.remote ?? null);
  }

  accept(contact: string): void {
    if (phone().place === "elsewhere") {
      askOwnerToAccept(contact);
      return;
    }
    if (this.softphone?.answer(contact, microphoneStream())) {
      setPhone({ incoming: null, accepting: null, call: { contact, state: "answering" } });
    } else setPhone({ accepting: contact });
  }

  /** Straight to the switch, from where the server hears it sooner than from us; it is asked if it has not heard. */
  async hangUp(contact: string): Promise<void> {
    this.ended = contact;
    if (this.softphone?.hangUpTalking(contact)) return;
    try {
      await desk.end(contact);
    } catch (error) {
      if (!(error instanceof ApiError && error.offline)) throw error;
      this.softphone?.terminate(contact);
    }
  }

  /** Keys to the other side: an extension, a menu. They go with the sound, and nothing of ours writes them down. */
  sendKeys(contact: string, keys: string): boolean {
    return this.softphone?.sendKeys(contact, keys) ?? false;
  }

  async setMuted(contact: string, muted: boolean): Promise<void> {
    // At once here, where it is certain; the server's own mute comes a moment later.
    silence(muted);
    try {
      await desk.mute(contact, muted);
    } catch (error) {
      silence(!muted);
      throw error;
    }
  }

  async chooseMicrophone(device: string): Promise<void> {
    rememberMicrophone(device);
    await this.reopenMicrophone();
  }

  async reopenMicrophone(): Promise<void> {
    const stream = await openMicrophone(audio());
    if (stream) await this.softphone?.useMicrophone(stream);
    this.applyMute(currentFeed()?.state);
  }

  private readonly owner: Owner = {
    gained: () => {
      setPhone({ place: "here" });
      void this.connect();
    },
    refused: () => setPhone({ place: "elsewhere" }),
    lost: () => {
      this.disconnect();
      setPhone({ place: "elsewhere" });
    },
  };

  private async askNotifications(): Promise<void> {
    if (phone().notifications !== "default") return;
    // Some browsers leave the question open until it is answered; the shift does not wait for that.
    const asked = Notification.requestPermission().then((notifications) => setPhone({ notifications }));
    await Promise.race([asked, new Promise((done) => setTimeout(done, 4_000))]);
  }

  private follow(state: LiveState): void {
    const { place, starting } = phone();
    if (this.oversees && !state.agent && !state.supervision) {
      this.rejoinIfLost(state);
      return;
    }
    if (!state.supervision && (!state.agent || state.agent.state === "offline" || state.agent.phone !== "page")) {
      if (place !== "nowhere" && !starting) this.stop();
      return;
    }
    if (place === "nowhere" && !starting) {
      setPhone({ place: "claiming" });
      void claim(this.owner, false);
    }
    this.applyMute(state);
    this.rejoinIfLost(state);
  }

  private applyMute(state: LiveState | undefined): void {
    const mine = state?.contacts.find(inConversation);
    silence(mine?.muted ?? false);
  }

  private rejoinIfLost(state: LiveState): void {
    clearTimeout(this.recheck);
    if (phone().line !== "registered" || this.softphone?.session) return;
    const lost = state.contacts.find(inConversation);
    const beside = state.supervision;
    if (!lost && (!beside || beside.rings !== null)) return;
    const wait = this.quietUntil - Date.now();
    if (wait <= 0) {
      this.quietUntil = Date.now() + REJOIN_EVERY_MS;
      const wish = lost ? (lost.id === this.ended ? desk.end(lost.id) : desk.rejoin(lost.id)) : beside ? joinCall(beside.contact, beside.way) : Promise.resolve();
      // Refused when the call is already over: the live state is about to say so.
      wish.catch((error: unknown) => console.warn("otklik: rejoin or end refused", error));
    }
    this.recheck = window.setTimeout(() => {
      const feed = currentFeed();
      if (feed) this.rejoinIfLost(feed.state);
    }, Math.max(wait, REJOIN_EVERY_MS) + 20);
  }

  private async connect(): Promise<void> {
    setPhone({ line: "connecting" });
    try {
      const [{ Softphone }, account] = await Promise.all([
        import("@/phone/softphone"),
        this.account ?? desk.freshAccount(),
        microphoneStream() ?? openMicrophone(audio()),
      ]);
      if (phone().place !== "here") return;
      setPhone({ sound: audio().state === "running" ? "on" : "locked" });
      this.account = null;
      this.softphone?.stop();
      this.softphone = new Softphone(account, this.events);
      this.softphone.start();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return;
      setPhone({ line: "lost" });
      this.renewSoon();
    }
  }

  private renewSoon(): void {
    clearTimeout(this.renewal);
    this.renewal = window.setTimeout(() => phone().place === "here" && void this.connect(), FRESH_ACCOUNT_EVERY_MS);
  }

  private readonly events: SoftphoneEvents = {
    line: (line) => {
      setPhone({ line });
      const feed = currentFeed();
      if (line === "registered" && feed) this.rejoinIfLost(feed.state);
    },
    refused: () => this.renewSoon(),
    invite: (invite) => this.invited(invite),
    up: (contact) => this.up(contact),
    over: (contact) => this.over(contact),
    voice: hear,
  };

  private invited(invite: Invite): void {
    if (invite.rejoin || invite.placed || phone().accepting === invite.contact || currentFeed()?.state.supervision?.contact === invite.contact) {
      this.softphone?.answer(invite.contact, microphoneStream());
      setPhone({ incoming: null, accepting: null, call: { contact: invite.contact, state: "answering" } });
      return;
    }
    setPhone({ incoming: { contact: invite.contact, offer: invite.offer, number: invite.number, at: Date.now() } });
  }

  private up(contact: string): void {
    setPhone({ call: { contact, state: "up" } });
    const connection = this.softphone?.connection;
    // A supervisor's line is no part of the conversation.
    if (connection && currentFeed()?.state.supervision?.contact !== contact) void import("@/phone/listening").then(({ listen }) => phone().call?.contact === contact && listen(contact, connection));
  }

  private over(contact: string): void {
    if (phone().call?.contact === contact) void import("@/phone/listening").then(({ ended }) => ended(contact));
    const { call, incoming } = phone();
    this.quietUntil = Date.now() + SETTLE_MS;
    if (call?.contact === contact) {
      playEnded();
      setPhone({ call: null });
    }
    if (incoming?.contact === contact) setPhone({ incoming: null });
    const feed = currentFeed();
    if (feed) this.rejoinIfLost(feed.state);
  }

  private disconnect(): void {
    clearTimeout(this.recheck);
    clearTimeout(this.renewal);
    this.softphone?.stop();
    this.softphone = null;
    hear(null);
    closeMicrophone();
    setPhone({ line: "off", incoming: null, call: null, accepting: null });
  }

  private stop(): void {
    this.disconnect();
    letGo();
    usePhone.setState({ ...PHONE_OFF, sound: phone().sound, notifications: phone().notifications });
  }
}

export const deskPhone = new DeskPhone();
