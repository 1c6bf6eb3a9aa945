/** What the page knows of its own telephone. Written by the phone's modules only, read by everybody. */
import { create } from "zustand";

/** refused: the person or the browser said no; missing: no device; busy: another program holds it; lost: unplugged. */
export type MicrophoneState = "off" | "asking" | "on" | "refused" | "missing" | "busy" | "lost" | "insecure";
export type LineState = "off" | "connecting" | "registered" | "lost";

export interface PhoneState {
  /** here: this page is the phone; elsewhere: another page of this browser is. */
  place: "nowhere" | "claiming" | "here" | "elsewhere";
  line: LineState;
  microphone: MicrophoneState;
  sound: "locked" | "on";
  notifications: NotificationPermission | "unsupported";
  /** An INVITE that waits for an answer; `sure` once it may ring (see alert.ts). */
  incoming: { contact: string; offer: number; number: string; at: number } | null;
  /** The call with media in this page. */
  call: { contact: string; state: "answering" | "up" } | null;
  /** Accept was pressed before the INVITE came: answered when it does. */
  accepting: string | null;
  starting: boolean;
  /** The sound of this page's line is poor or bad, and which way: "in", what is heard here. */
  heard: { contact: string; now: "poor" | "bad"; way: "in" | "out" } | null;
}

export const PHONE_OFF: PhoneState = {
  place: "nowhere",
  line: "off",
  microphone: "off",
  sound: "locked",
  notifications: "Notification" in window ? Notification.permission : "unsupported",
  incoming: null,
  call: null,
  accepting: null,
  starting: false,
  heard: null,
};

export const usePhone = create<PhoneState>(() => PHONE_OFF);
export const phone = (): PhoneState => usePhone.getState();
export const setPhone = (change: Partial<PhoneState>): void => usePhone.setState(change);
