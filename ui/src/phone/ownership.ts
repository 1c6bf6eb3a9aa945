/** One phone per browser: a Web Lock says which page it is; the others ask it over a channel to accept. */

const LOCK = "otklik.phone";
const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;

let release: (() => void) | null = null;
let waiting: AbortController | null = null;

export interface Owner {
  /** The phone is this page's now. */
  gained: () => void;
  /** Another page took it. */
  lost: () => void;
  /** Another page has it for the time being; `gained` follows when that page closes. */
  refused: () => void;
}

async function keep(owner: Owner, mine: Hold): Promise<void> {
  await new Promise<void>((done) => {
    release = mine.release = done;
    owner.gained();
  });
  if (release === mine.release) release = null;
}

/** What one request of ours holds: a page may steal the lock from its own earlier request. */
interface Hold {
  release?: () => void;
}

/** The lock is no longer this request's. Only if no later request of ours has it, the phone is elsewhere. */
function stolen(owner: Owner, mine: Hold): void {
  if (!mine.release || release !== mine.release) return;
  release = null;
  owner.lost();
  void queue(owner);
}

async function take(owner: Owner): Promise<void> {
  const mine: Hold = {};
  try {
    await navigator.locks.request(LOCK, { steal: true }, () => keep(owner, mine));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    stolen(owner, mine);
  }
}

async function queue(owner: Owner): Promise<void> {
  waiting?.abort();
  waiting = new AbortController();
  const mine: Hold = {};
  try {
    await navigator.locks.request(LOCK, { signal: waiting.signal }, () => keep(owner, mine));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    stolen(owner, mine);
  }
}

/** Become the phone; with `steal`, also if another page is (its person asked for it here). */
export async function claim(owner: Owner, steal: boolean): Promise<void> {
  if (release) return;
  if (!("locks" in navigator)) {
    release = () => undefined;
    owner.gained();
    return;
  }
  if (steal) {
    waiting?.abort();
    void take(owner);
    return;
  }
  const { held } = await navigator.locks.query();
  if (held?.some((lock) => lock.name === LOCK)) owner.refused();
  void queue(owner);
}

export function letGo(): void {
  waiting?.abort();
  waiting = null;
  release?.();
  release = null;
}

interface Request {
  accept: string;
}

export function askOwnerToAccept(contact: string): void {
  channel?.postMessage({ accept: contact } satisfies Request);
}

export function onAskedToAccept(listener: (contact: string) => void): void {
  channel?.addEventListener("message", (event: MessageEvent<Request>) => listener(event.data.accept));
}
