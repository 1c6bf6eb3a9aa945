/** `window.otklikDiagnostics`: a documented, read-only view for support and for tests (ui/README.md). */
import type { RTCSession } from "jssip/lib/RTCSession";

import { currentFeed, useLink } from "@/live/connection";
import type { Feed } from "@/live/feed";
import { microphoneStream } from "@/phone/microphone";
import type { Softphone } from "@/phone/softphone";
import { phone, type PhoneState } from "@/phone/state";

export interface Diagnostics {
  readonly session: RTCSession | null;
  readonly peerConnection: RTCPeerConnection | null;
  readonly remoteStream: MediaStream | null;
  readonly localStream: MediaStream | null;
  readonly registered: boolean;
  readonly phone: PhoneState;
  readonly live: Feed | null;
  readonly link: string;
}

declare global {
  interface Window {
    otklikDiagnostics?: Diagnostics;
  }
}

export function exposeDiagnostics(softphone: () => Softphone | null): void {
  window.otklikDiagnostics = Object.freeze<Diagnostics>({
    get session() {
      return softphone()?.session ?? null;
    },
    get peerConnection() {
      return softphone()?.connection ?? null;
    },
    get remoteStream() {
      return softphone()?.remote ?? null;
    },
    get localStream() {
      return microphoneStream();
    },
    get registered() {
      return softphone()?.registered ?? false;
    },
    get phone() {
      return phone();
    },
    get live() {
      return currentFeed();
    },
    get link() {
      return useLink.getState().state;
    },
  });
}
