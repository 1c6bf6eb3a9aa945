/** What this browser is told while the page is closed: the worker, the subscription, and what the server knows of it. */
import { call } from "@/api/client";

export type Kind = "offer" | "waiting" | "message" | "call" | "task" | "alert";

export interface Pushed {
  key: string | null;
  kinds: Kind[];
}

const WORKER = "/push.js";
const PATH = "/api/push";

export const possible = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const raw = (key: string) => Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

function withKey(made: PushSubscription, key: string): boolean {
  const had = made.options.applicationServerKey;
  if (!had) return false;
  const [one, other] = [new Uint8Array(had), raw(key)];
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

async function subscription(): Promise<PushSubscription | null> {
  const worker = possible() ? await navigator.serviceWorker.getRegistration(WORKER) : undefined;
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** Of what this browser is told; none where it is not. */
export async function wanted(): Promise<{ pushed: Pushed; kinds: Kind[] }> {
  const pushed = await call<Pushed>("GET", PATH);
  const known = await subscription();
  // With another key than the server has now nothing arrives.
  const arrives = known !== null && pushed.key !== null && withKey(known, pushed.key);
  const found = arrives && (await call<{ kinds: Kind[] | null }>("POST", `${PATH}/browser`, { endpoint: known.endpoint }));
  return { pushed, kinds: (found && found.kinds) || [] };
}

/** Raises what the browser says where it does not let us. */
export async function want(key: string, kinds: readonly Kind[]): Promise<void> {
  if (kinds.length === 0) return forget();
  if ((await Notification.requestPermission()) !== "granted") throw new DOMException("", "NotAllowedError");
  await navigator.serviceWorker.register(WORKER);
  const worker = await navigator.serviceWorker.ready;
  const before = await worker.pushManager.getSubscription();
  if (before && !withKey(before, key)) await forget();
  const made = (await worker.pushManager.getSubscription()) ?? (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: raw(key) }));
  const { keys } = made.toJSON();
  await call("PUT", `${PATH}/browser`, { endpoint: made.endpoint, p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "", kinds });
}

/** A message now, the way all others come. */
export async function tryOut(): Promise<void> {
  const known = await subscription();
  if (known) await call("POST", `${PATH}/browser/try`, { endpoint: known.endpoint });
}

/** Also when somebody signs out: what comes after is not for whoever sits there then. */
export async function forget(): Promise<void> {
  const known = await subscription();
  if (!known) return;
  await call("POST", `${PATH}/browser/forget`, { endpoint: known.endpoint });
  await known.unsubscribe();
}
