/** Asks the browser every few seconds how the line of a call is; says so on the page, and the figures of the whole call to the server. */
import { call } from "@/api/client";
import { type Counts, Meter, NOTHING } from "@/phone/quality";
import { phone, setPhone } from "@/phone/state";

const PERIOD_MS = 4_000;
/** Short calls have figures, too. */
const FIRST_MS = 1_500;

let stop: ((contact?: string) => void) | undefined;

/** Until `ended`; another call takes its place. */
export function listen(contact: string, connection: RTCPeerConnection): void {
  ended();
  const meter = new Meter();
  const tick = async () => {
    if (meter.feed(await counts(connection))) {
      setPhone({ heard: meter.now === "good" ? null : { contact, now: meter.now, way: meter.way } });
      tell(contact, meter);
    }
  };
  const look = () => void tick().catch(() => undefined);
  const first = setTimeout(look, FIRST_MS);
  const timer = setInterval(look, PERIOD_MS);
  stop = (of = contact) => {
    if (of !== contact) return;
    stop = undefined;
    clearTimeout(first);
    clearInterval(timer);
    if (phone().heard) setPhone({ heard: null });
    if (meter.heard) tell(contact, meter);
  };
}

/** The line of this contact, or whatever line there is, is gone: the last word on it. */
export function ended(contact?: string): void {
  stop?.(contact);
}

function tell(contact: string, meter: Meter): void {
  // Figures alone: a call is not disturbed for them, and nobody waits for them.
  call("PUT", `/api/desk/contacts/${contact}/line`, meter.report()).catch(() => undefined);
}

const milliseconds = (seconds: unknown) => (typeof seconds === "number" ? 1000 * seconds : 0);
const whole = (count: unknown) => (typeof count === "number" ? count : 0);

/** https://www.w3.org/TR/webrtc-stats/ */
async function counts(connection: RTCPeerConnection): Promise<Counts> {
  const found: Counts = { ...NOTHING };
  for (const one of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
    if (one["kind"] !== "audio" && one["type"] !== "candidate-pair") continue;
    if (one["type"] === "inbound-rtp") {
      found.received = whole(one["packetsReceived"]) - whole(one["packetsDiscarded"]);
      found.lost = whole(one["packetsLost"]) + whole(one["packetsDiscarded"]);
      found.jitterMs = milliseconds(one["jitter"]);
    } else if (one["type"] === "outbound-rtp") found.sent = whole(one["packetsSent"]);
    else if (one["type"] === "remote-inbound-rtp") {
      found.lostThere = whole(one["packetsLost"]);
      found.jitterThereMs = milliseconds(one["jitter"]);
      found.roundTripMs = Math.max(found.roundTripMs, milliseconds(one["roundTripTime"]));
    } else if (one["nominated"] === true) found.roundTripMs = Math.max(found.roundTripMs, milliseconds(one["currentRoundTripTime"]));
  }
  return found;
}
