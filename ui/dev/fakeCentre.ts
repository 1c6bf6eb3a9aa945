/**
 * A stage for the screens: answers like the server, plays the scene it is told (`POST /dev/scene/<name>`).
 * Used by `npm run dev` and `npm run preview` while no server is there; never part of what is built.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { Connect, Plugin } from "vite";
import { WebSocketServer, type WebSocket } from "ws";

import type { LiveState, Me } from "../src/api/types";
import { journal, scenes, STEPS } from "./scenes.ts";
import { ARTICLE, ARTICLES, hits } from "./articles";
import { registrar } from "./registrar.ts";
import { tone } from "./tone.ts";

const PEOPLE: Record<string, Me["person"]> = {
  anna: { id: "anna", login: "anna", name: "Анна Смирнова", role: "agent", language: "ru", theme: "system" },
  olga: { id: "olga", login: "olga", name: "Ольга Петрова", role: "supervisor", language: "ru", theme: "system" },
  admin: { id: "admin", login: "admin", name: "Администратор", role: "administrator", language: "ru", theme: "system" },
};

function meOf(login: string): Me {
  const person = PEOPLE[login]!;
  const agent = person.role === "agent";
  return {
    person,
    tenant: { id: "demo", name: "Отклик Демо" },
    permissions: agent ? ["desk.use", "recordings.play_own"] : ["contacts.read_all", "contacts.give", "recordings.play_all", "incident.switch", "system.see", "configuration.edit", "demo.control"],
    agent_id: agent ? person.id : null,
    keys: [],
    single_keys: true,
  };
}

const FINDINGS = [
  { id: "asterisk", state: "ok", title: "Asterisk", found: "22.10.1, /usr/sbin/asterisk, 412 modules", advice: null },
  { id: "database", state: "ok", title: "PostgreSQL", found: "18.1, ctype C.UTF-8", advice: null },
  { id: "voices", state: "warning", title: "Голоса", found: "espeak-ng: только ru", advice: "Установите английский голос: otklik doctor --fix voices" },
  { id: "rtp", state: "fault", title: "Порты RTP", found: "30000-30100 заняты другой программой", advice: "Задайте OTKLIK_RTP_PORTS=40000-40999 и перезапустите сервер." },
];

class Centre {
  login: string | null = null;
  seq = 0;
  state: LiveState = scenes["offline"]!();
  readonly pages = new Set<WebSocket>();

  play(name: string): boolean {
    const scene = scenes[name];
    if (!scene) return false;
    this.state = scene();
    for (const page of this.pages) this.greet(page);
    return true;
  }

  greet(page: WebSocket): void {
    page.send(JSON.stringify({ type: "snapshot", seq: this.seq, shared: { centre: 0, floor: 0 }, state: { ...this.state, now: new Date().toISOString() } }));
  }

  change(set: Partial<LiveState>): void {
    this.state = { ...this.state, ...set };
    this.seq += 1;
    for (const page of this.pages) page.send(JSON.stringify({ type: "change", seq: this.seq, set }));
  }
}

const iso = (seconds = 0) => new Date(Date.now() + seconds * 1000).toISOString();

function onDesk(centre: Centre, method: string, path: string, body: Record<string, unknown>): boolean {
  const { agent, contacts } = centre.state;
  const status = (state: string, reason: unknown = null) =>
    agent && centre.change({ agent: { ...agent, state: state as never, reason: reason as never, since: iso(), reachable: true } });
  const contact = (change: object) => centre.change({ contacts: contacts.map((one) => ({ ...one, ...change })) });
  if (path === "/api/desk/shift") return status(method === "DELETE" ? "offline" : "not_ready", method === "DELETE" ? null : "shift"), true;
  if (path === "/api/desk/status") return status(String(body["status"]), body["reason"]), true;
  const action = /^\/api\/desk\/contacts\/[^/]+\/(.+)$/.exec(path)?.[1];
  if (!action) return false;
  if (action === "mute") contact({ muted: body["muted"] });
  if (action === "draft") contact({ draft: body });
  if (action === "hold") status("held"), contact({ state: "held" });
  if (action === "retrieve") status("talking"), contact({ state: "talking" });
  if (action === "end") status("wrap_up"), contact({ state: "wrap_up", wrap_up_ends_at: iso(60), wrap_up_extends: true });
  if (action === "wrap-up/extend") contact({ wrap_up_ends_at: iso(120), wrap_up_extends: false });
  if (action === "transfer") status("ready"), centre.change({ contacts: [] });
  if (action === "decline") status("ready"), centre.change({ contacts: [] });
  if (action === "wrap-up") centre.change({ contacts: [] }), status(String(body["then"]), body["reason"]);
  return true;
}

function answered(centre: Centre): void {
  const { agent, contacts } = centre.state;
  if (!agent) return;
  centre.change({
    agent: { ...agent, state: "talking", since: iso() },
    contacts: contacts.map((one) => ({ ...one, state: "talking" as const, answered_at: iso(), offer_expires_at: null })),
  });
}

const read = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = "";
  for await (const part of request) text += String(part);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
};

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "application/json");
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const refuse = (response: ServerResponse, status: number, code: string, message: string) =>
  answer(response, status, { error: { code, message, field: null } });

const ACCOUNT = { softphone: { uri: "sip:anna@otklik", user: "anna", password: "x", path: "/sip", ice_servers: [] } };

function contactsPage(url: URL) {
  const { outcome, queue, q, before } = Object.fromEntries(url.searchParams) as Record<string, string | undefined>;
  const rows = journal
    .filter((row) => url.searchParams.get("scope") !== "own" || row.agent?.id === "anna")
    .filter((row) => (!outcome || row.outcome === outcome) && (!queue || row.queue?.id === queue))
    .filter((row) => !q || `${row.customer?.name} ${row.ani} ${row.note}`.toLowerCase().includes(q.toLowerCase()));
  const from = Number(before ?? 0);
  return { contacts: rows.slice(from, from + 50), next: rows.length > from + 50 ? String(from + 50) : null };
}

function oneContact(response: ServerResponse, id: string, part: string | undefined): void {
  const row = journal.find((one) => one.id === id);
  if (!row) return refuse(response, 404, "not_found", "Не найдено.");
  const seconds = row.recording?.seconds ?? 60;
  const wave = (phase: number) =>
    Array.from({ length: 600 }, (_, i) => Math.max(0.02, Math.abs(Math.sin(i / 3.1 + phase) * Math.sin(i / 41 + phase)) ** 1.5 * (Math.sin(i / 23 + phase * 2) > 0 ? 1 : 0.05)));
  if (part === "waveform") return answer(response, 200, { seconds, customer: wave(0), agent: wave(1.9) });
  if (part === "recording") {
    response.setHeader("Content-Type", "audio/wav");
    response.end(tone(seconds));
    return;
  }
  if (part === "why") return answer(response, 200, { contact: id, steps: STEPS });
  const at = (s: number) => new Date(Date.parse(row.arrived_at) + s * 1000).toISOString();
  answer(response, 200, {
    ...row,
    found: scenes["ringing"]!().contacts[0]!.found,
    letters: [],
    timeline: [
      { at: at(0), what: "ContactArrived", who: null, text: row.dnis, found: [] },
      { at: at(8), what: "VerbFinished", who: null, text: "1", found: [] },
      { at: at(9), what: "attributes_found", who: null, text: null, found: scenes["ringing"]!().contacts[0]!.found },
      { at: at(9), what: "ContactQueued", who: null, text: row.queue?.name, found: [] },
      { at: at(21), what: "OfferAnswered", who: row.agent?.name ?? null, text: null, found: [] },
      { at: at(80), what: "ContactHeld", who: row.agent?.name ?? null, text: null, found: [] },
      { at: at(112), what: "ContactRetrieved", who: row.agent?.name ?? null, text: null, found: [] },
      { at: at(240), what: "CustomerLeft", who: null, text: null, found: [] },
    ],
  });
}

async function api(centre: Centre, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const method = request.method ?? "GET";
  const body = method === "GET" ? {} : await read(request);
  const path = url.pathname;
  if (path === "/api/session" && method === "POST") {
    const login = String(body["login"]);
    if (!PEOPLE[login] || body["password"] === "wrong") {
      return refuse(response, 401, "wrong_login", "Логин или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock.");
    }
    centre.login = login;
    return answer(response, 200, meOf(login));
  }
  if (!centre.login) return refuse(response, 401, "not_signed_in", "Войдите ещё раз.");
  if (path === "/api/session" && method === "DELETE") return (centre.login = null), answer(response, 204);
  if (path.startsWith("/api/session")) {
    Object.assign(PEOPLE[centre.login]!, body);
    return answer(response, 200, meOf(centre.login));
  }
  if (onDesk(centre, method, path, body)) return path === "/api/desk/shift" && method === "POST" ? answer(response, 200, ACCOUNT) : answer(response, 204);
  if (path === "/api/desk/softphone") return answer(response, 200, ACCOUNT);
  if (path === "/api/desk/colleagues") return answer(response, 200, { agents: scenes["floor"]!().floor!.agents.filter((one) => one.id !== "anna" && one.state !== "offline") });
  if (path === "/api/contacts") return answer(response, 200, contactsPage(url));
  if (path === "/api/knowledge") return answer(response, 200, { articles: hits(url.searchParams.get("q") ?? "") });
  if (path.startsWith("/api/knowledge/")) return method === "PUT" ? answer(response, 204) : answer(response, 200, { ...ARTICLE, helped: null, put: false });
  if (path === "/api/articles") return answer(response, 200, { articles: ARTICLES });
  if (path.startsWith("/api/articles/")) return answer(response, 200, { ...ARTICLE, newest: 3, published: 2, by: "Администратор", versions: [3, 2, 1].map((version) => ({ version, title: ARTICLE.title, made_at: iso(-version * 90_000), by: "Администратор" })) });
  const [, id, part] = /^\/api\/contacts\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
  if (id) return oneContact(response, id, part);
  if (path === "/api/system") return answer(response, 200, { findings: FINDINGS, telephony: centre.state.telephony });
  if (path === "/api/demo") return centre.change({ demo: { calls_per_minute: Number(body["calls_per_minute"]) } }), answer(response, 204);
  refuse(response, 404, "not_found", "Не найдено.");
}

function install(server: Server, middlewares: Connect.Server): void {
  const centre = new Centre();
  const live = new WebSocketServer({ noServer: true });
  const sip = new WebSocketServer({ noServer: true, handleProtocols: () => "sip" });
  const phone = registrar(() => answered(centre));
  live.on("connection", (page) => {
    centre.pages.add(page);
    page.on("close", () => centre.pages.delete(page));
    centre.greet(page);
  });
  sip.on("connection", (page) => phone.connect(page));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url === "/api/live") live.handleUpgrade(request, socket, head, (page) => live.emit("connection", page));
    if (request.url === "/sip") sip.handleUpgrade(request, socket, head, (page) => sip.emit("connection", page));
  });
  middlewares.use((request, response, next) => {
    const url = new URL(request.url ?? "/", "http://stage");
    const [, act, name] = /^\/dev\/(\w+)\/?(.*)$/.exec(url.pathname) ?? [];
    if (act === "scene") return answer(response, centre.play(decodeURIComponent(name ?? "")) ? 204 : 404);
    if (act === "sign") return (centre.login = name || null), answer(response, 204);
    if (act === "lang") return Object.values(PEOPLE).forEach((one) => (one.language = name!.slice(0, 2) as "ru")), answer(response, 204);
    if (act === "ring") return phone.ring(centre.state.contacts.at(-1)?.id ?? ""), answer(response, 204);
    if (act === "cut") return [...centre.pages].forEach((page) => page.terminate()), answer(response, 204);
    if (url.pathname.startsWith("/api/")) return void api(centre, request, response, url);
    next();
  });
}

export function fakeCentre(): Plugin {
  return {
    name: "otklik-fake-centre",
    configureServer: (server) => install(server.httpServer as Server, server.middlewares),
    configurePreviewServer: (server) => install(server.httpServer as Server, server.middlewares),
  };
}
