/** The addresses of the page. Every one can be opened directly; who may not see it is sent to where they may. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";

import { onSessionOver } from "@/api/client";
import { queryClient } from "@/api/queryClient";
import type { Whose } from "@/api/followup";
import { can, sessionQuery, welcome } from "@/api/session";
import type { Direction, Me, Outcome, Permission } from "@/api/types";
import { NotFound } from "@/app/NotFound";
import { startPage } from "@/app/startPage";
import { Trouble } from "@/app/Trouble";
import { speak, withWords } from "@/i18n/language";


async function whoIsThere(): Promise<Me | null> {
  const known = queryClient.getQueryData(sessionQuery.queryKey);
  if (known !== undefined) return known;
  const me = await queryClient.query(sessionQuery);
  if (me) await welcome(me);
  return me;
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Trouble });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string; over?: boolean } => ({
    // Only an address of ours may be the next one.
    ...(typeof search["next"] === "string" && /^\/(?!\/)/.test(search["next"]) ? { next: search["next"] } : {}),
    ...(search["over"] ? { over: true } : {}),
  }),
  beforeLoad: async ({ search }) => {
    const me = await whoIsThere();
    if (me) throw redirect({ href: search.next ?? startPage(me), replace: true });
  },
  component: lazyRouteComponent(() => import("@/signin/SignIn"), "SignIn"),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const me = await whoIsThere();
    if (!me) {
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href }, replace: true });
    }
    return { me };
  },
  component: lazyRouteComponent(() => import("@/app/Shell"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({ to: startPage(context.me), replace: true });
  },
});

/** Whoever lacks the permission lands on the own start page. */
const needs =
  (permission: Permission) =>
  ({ context }: { context: { me: Me } }): void => {
    if (!can(context.me, permission)) throw redirect({ to: startPage(context.me), replace: true });
  };

const desk = createRoute({
  getParentRoute: () => inside,
  path: "/desk",
  beforeLoad: ({ context }) => {
    if (!context.me.agent_id && !can(context.me, "calls.join")) throw redirect({ to: "/floor", replace: true });
  },
  component: lazyRouteComponent(() => import("@/desk/Desk"), "Desk"),
});

export interface JournalSearch {
  outcome?: Outcome;
  direction?: Direction;
  queue?: string;
  q?: string;
  contact?: string;
  poor?: boolean;
}

const OUTCOMES: readonly unknown[] = ["open", "answered", "abandoned", "rejected", "left", "callback_failed", "callback_cancelled", "callback_merged", "served", "unreached", "voicemail", "outside", "lost"];

const WAYS: readonly Direction[] = ["in", "out", "internal"];

function journalSearch(search: Record<string, unknown>): JournalSearch {
  const text = (key: "queue" | "q" | "contact") =>
    // The router reads "1000" as a number; to us it is text.
    typeof search[key] === "string" || typeof search[key] === "number" ? { [key]: `${search[key]}` } : {};
  const outcome = OUTCOMES.includes(search["outcome"]) ? { outcome: search["outcome"] as Outcome } : {};
  const direction = WAYS.find((way) => way === search["direction"]);
  const way = direction ? { direction } : {};
  const poor = search["poor"] === true ? { poor: true } : {};
  return { ...outcome, ...way, ...poor, ...text("queue"), ...text("q"), ...text("contact") };
}

const history = createRoute({
  getParentRoute: () => inside,
  path: "/history",
  validateSearch: journalSearch,
  beforeLoad: ({ context }) => {
    if (!context.me.agent_id) throw redirect({ to: "/contacts", replace: true });
  },
  component: lazyRouteComponent(() => withWords(import("@/journal/Journal")), "OwnHistory"),
});

const contacts = createRoute({
  getParentRoute: () => inside,
  path: "/contacts",
  validateSearch: journalSearch,
  beforeLoad: needs("contacts.read_all"),
  component: lazyRouteComponent(() => withWords(import("@/journal/Journal")), "AllContacts"),
});

export type FloorState = "busy" | "offered" | "wrap_up" | "ready" | "not_ready" | "offline";
export type FloorSort = "state" | "name" | "time";

/** What is shown of the floor, and what is open: an address can be sent to a colleague. */
export interface FloorSearch {
  q?: string;
  queue?: string;
  state?: FloorState;
  sort?: FloorSort;
  agent?: string;
  /** Whose tasks are shown. */
  tasks?: Whose;
  contact?: string;
}

const WHOSE: readonly unknown[] = ["own", "nobody", "all"];
const FLOOR_STATES: readonly unknown[] = ["busy", "offered", "wrap_up", "ready", "not_ready", "offline"];

function floorSearch(search: Record<string, unknown>): FloorSearch {
  const text = (key: "q" | "queue" | "agent" | "contact") =>
    typeof search[key] === "string" || typeof search[key] === "number" ? { [key]: `${search[key]}` } : {};
  return {
    ...text("q"),
    ...text("queue"),
    ...text("agent"),
    ...text("contact"),
    ...(FLOOR_STATES.includes(search["state"]) ? { state: search["state"] as FloorState } : {}),
    ...(WHOSE.includes(search["tasks"]) ? { tasks: search["tasks"] as Whose } : {}),
    ...(search["sort"] === "name" || search["sort"] === "time" ? { sort: search["sort"] } : {}),
  };
}

const floor = createRoute({
  getParentRoute: () => inside,
  path: "/floor",
  validateSearch: floorSearch,
  beforeLoad: needs("contacts.read_all"),
  component: lazyRouteComponent(() => withWords(import("@/floor/Floor")), "Floor"),
});

export interface CustomersSearch {
  q?: string;
  customer?: string;
}

const customers = createRoute({
  getParentRoute: () => inside,
  path: "/customers",
  validateSearch: (search): CustomersSearch => ({
    ...(typeof search["q"] === "string" || typeof search["q"] === "number" ? { q: `${search["q"]}` } : {}),
    ...(typeof search["customer"] === "string" ? { customer: search["customer"] } : {}),
  }),
  beforeLoad: needs("customers.edit"),
  component: lazyRouteComponent(() => withWords(import("@/customers/Customers")), "Customers"),
});

const flows = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/flows",
  validateSearch: (search): { flow?: string } => (typeof search["flow"] === "string" || typeof search["flow"] === "number" ? { flow: `${search["flow"]}` } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/flows/Flows")), "Flows"),
});

const handlers = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/handlers",
  validateSearch: (search): { handler?: string } => (typeof search["handler"] === "string" || typeof search["handler"] === "number" ? { handler: `${search["handler"]}` } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/handlers/Handlers")), "Handlers"),
});

/** `day`: of the agent whose drawer is open. Days are written "2026-11-28". */
export interface TimeSearch {
  q?: string;
  from?: string;
  to?: string;
  agent?: string;
  day?: string;
}

function timeSearch(search: Record<string, unknown>): TimeSearch {
  const day = (key: "from" | "to" | "day") => {
    const found = search[key];
    return typeof found === "string" && /^\d{4}-\d{2}-\d{2}$/.test(found) ? { [key]: found } : {};
  };
  const text = (key: "q" | "agent") => (typeof search[key] === "string" || typeof search[key] === "number" ? { [key]: `${search[key]}` } : {});
  return { ...text("q"), ...day("from"), ...day("to"), ...text("agent"), ...day("day") };
}

const workingTime = createRoute({
  getParentRoute: () => inside,
  path: "/working-time",
  validateSearch: timeSearch,
  beforeLoad: needs("agents.direct"),
  component: lazyRouteComponent(() => withWords(import("@/worktime/WorkingTime")), "WorkingTime"),
});

const system = createRoute({
  getParentRoute: () => inside,
  path: "/system",
  beforeLoad: needs("system.see"),
  component: lazyRouteComponent(() => withWords(import("@/system/System")), "System"),
});

const configuration = createRoute({
  getParentRoute: () => inside,
  path: "/configuration",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/configuration/Configuration")), "Configuration"),
});

const prompts = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/prompts",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/prompts/Prompts")), "Prompts"),
});

const articles = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/knowledge",
  validateSearch: (search): { article?: string } => (typeof search["article"] === "string" ? { article: search["article"] } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/articles/Articles")), "Articles"),
});

const scripts = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/scripts",
  validateSearch: (search): { script?: string } => (typeof search["script"] === "string" || typeof search["script"] === "number" ? { script: `${search["script"]}` } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/parts/Scripts")), "Scripts"),
});

const results = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/results",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/results/Results")), "Results"),
});

const fields = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/fields",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/fields/CardFields")), "CardFields"),
});

const hours = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/hours",
  validateSearch: (search): { calendar?: string } => (typeof search["calendar"] === "string" || typeof search["calendar"] === "number" ? { calendar: `${search["calendar"]}` } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/hours/Hours")), "Hours"),
});

const entry = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/entry",
  validateSearch: (search): { number?: string } => (typeof search["number"] === "string" || typeof search["number"] === "number" ? { number: `${search["number"]}` } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/entry/Entry")), "Entry"),
});

const queues = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/queues",
  validateSearch: (search): { queue?: string } => (typeof search["queue"] === "string" || typeof search["queue"] === "number" ? { queue: `${search["queue"]}` } : {}),
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/queues/Queues")), "Queues"),
});

const alerts = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/alerts",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/alerts/Alerts")), "Alerts"),
});

const wallboards = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/wallboards",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/configuration/Wallboards")), "Wallboards"),
});

const telephones = createRoute({
  getParentRoute: () => inside,
  path: "/configuration/telephones",
  beforeLoad: needs("configuration.edit"),
  component: lazyRouteComponent(() => withWords(import("@/configuration/Telephones")), "Telephones"),
});

/** Nobody signs in there: its secret stands after `#`, which no server is told. */
const wall = createRoute({
  getParentRoute: () => root,
  path: "/wall",
  validateSearch: (search): { theme?: "light" | "dark"; language?: "ru" | "en" } => ({
    ...(search["theme"] === "light" || search["theme"] === "dark" ? { theme: search["theme"] } : {}),
    ...(search["language"] === "ru" || search["language"] === "en" ? { language: search["language"] } : {}),
  }),
  beforeLoad: async ({ search }) => {
    if (search.language) await speak(search.language);
  },
  component: lazyRouteComponent(() => withWords(import("@/wall/Wall")), "Wall"),
});

export const router = createRouter({
  routeTree: root.addChildren([signIn, wall, inside.addChildren([home, desk, history, contacts, customers, floor, workingTime, system, configuration, prompts, flows, handlers, articles, scripts, results, fields, hours, queues, entry, alerts, telephones, wallboards])]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

onSessionOver(() => {
  if (queryClient.getQueryData(sessionQuery.queryKey) === null) return;
  queryClient.setQueryData(sessionQuery.queryKey, null);
  void router.navigate({ to: "/sign-in", search: { next: router.state.location.href, over: true }, replace: true });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
