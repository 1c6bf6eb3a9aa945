/** Live states as the server would send them, one for each picture worth looking at. */
import type { AgentState, ContactRow, DeskContact, LiveState, WhyStep } from "../src/api/types";

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

const QUEUES = { sales: { id: "sales", name: "Продажи" }, support: { id: "support", name: "Поддержка" } };

const theirs = { by: null, delivery: null, failure: null };

export const REASONS = [
  { id: "shift", ru: "Смена начата", en: "Shift started" },
  { id: "missed", ru: "Пропущенный звонок", en: "Missed call" },
  { id: "lunch", ru: "Обед", en: "Lunch" },
  { id: "break", ru: "Короткий перерыв", en: "Short break" },
  { id: "training", ru: "Обучение", en: "Training" },
];

const untold = {
  under: null,
  ...{ task: "never" as const, task_queue: null, task_seconds: 86_400 },
  ...{ call: "never" as const, call_seconds: 86_400, call_own: true },
  ...{ mail: "never" as const, mail_reply: null, mail_subject: {} },
};

export const DISPOSITIONS = [
  { id: "solved", ru: "Вопрос решён", en: "Solved", ...untold },
  { id: "order", ru: "Заказ оформлен", en: "Order placed", ...untold },
  { id: "callback", ru: "Перезвонить", en: "Call back", ...untold },
  { id: "complaint", ru: "Жалоба", en: "Complaint", ...untold },
  { id: "wrong", ru: "Ошиблись номером", en: "Wrong number", ...untold },
];

const ivan: DeskContact = {
  id: "0193f0a0-0000-7000-8000-000000000001",
  state: "offered",
  offer: 1,
  channel: "voice",
  direction: "in",
  placed: false,
  ani: "+79161234567",
  dnis: "1000",
  queue: QUEUES.sales,
  choices: ["Продажи", "Повторный заказ"],
  found: [
    { name: "order", ru: "Заказ", en: "Order", form: null, value: "1017" },
    { name: "order.state", ru: "Состояние", en: "State", form: null, value: "Передан курьеру" },
    { name: "order.day", ru: "Доставка", en: "Delivery", form: "date", value: "2026-12-01" },
    { name: "order.sum", ru: "Сумма, ₽", en: "Sum, ₽", form: "number", value: "12450" },
  ],
  customer: {
    id: "c1",
    name: "Иван Петров",
    company: "Ромашка",
    vip: true,
    language: "ru",
    about: "Директор по закупкам. Просит звонить после 11:00. Договор № 18/24 до конца марта.",
  },
  arrived_at: ago(74),
  queued_at: ago(52),
  offered_at: ago(5),
  offer_expires_at: ago(-15),
  answered_at: null,
  wrap_up_ends_at: null,
  wrap_up_extends: false,
  muted: false,
  customer_line: null,
  message: null,
  recording: { state: "on", may_start: false, pause_ends_at: null, pause_expired: false },
  consultation: null,
  supervisors: [],
  taken_by: null,
  consulted: null,
  asked: null,
  dispositions: null,
  disposition_required: true,
  draft: { disposition: null, note: "" },
  letters: [],
  talk_script: null,
  earlier: [
    {
      id: "e1",
      at: ago(86_400 * 2 + 3_000),
      queue: QUEUES.sales,
      agent: { id: "kate", name: "Kate Wilson" },
      outcome: "answered",
      disposition: "order",
      note: "Оформили 40 коробок, отгрузка 24 ноября. Просил закрепить цену до конца года.",
      talk_seconds: 284,
    },
    { id: "e2", at: ago(86_400 * 9), queue: QUEUES.support, agent: null, outcome: "abandoned", disposition: null, note: null, talk_seconds: 0 },
    {
      id: "e3",
      at: ago(86_400 * 31),
      queue: QUEUES.support,
      agent: { id: "boris", name: "Борис Ким" },
      outcome: "answered",
      disposition: "solved",
      note: "Не проходила оплата картой: обновили реквизиты.",
      talk_seconds: 431,
    },
  ],
};

function talking(state: DeskContact["state"]): DeskContact {
  return { ...ivan, state, arrived_at: ago(326), queued_at: ago(304), offered_at: ago(258), offer_expires_at: null, answered_at: ago(252), draft: { disposition: null, note: "Хочет добавить 12 коробок к заказу, " } };
}

function desk(state: AgentState, seconds: number, contacts: DeskContact[], reason: string | null = null): LiveState {
  return {
    now: ago(0),
    agent: { id: "anna", name: "Анна Смирнова", state, reason, since: ago(seconds), reachable: state !== "offline", phone: "page", phones: [{ phone: "page", there: true }], outside_number: "", forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, next: null },
    contacts,
    waiting: [],
    parked: [],
    calling: { trunk: true, queues: [{ ...QUEUES.sales, callers: [{ id: "russian", number: "+74951000000", name: "Меню на русском" }] }] },
    unreached: null,
    notices: [],
    queues: [
      { ...QUEUES.sales, waiting: 2, longest_since: ago(41), agents_ready: 0 },
      { ...QUEUES.support, waiting: 1, longest_since: ago(96), agents_ready: 0 },
    ],
    floor: null,
    telephony: { up: true, advice: null },
    switchboard: { up: true, reason: null },
    demo: null,
    reasons: REASONS,
    park_reasons: [],
    agents_changed_at: null,
    mail: true,
    statuses: [],
    dispositions: DISPOSITIONS,
    supervision: null,
  };
}

const QUIET = [
  { ...QUEUES.sales, waiting: 0, longest_since: null, agents_ready: 2 },
  { ...QUEUES.support, waiting: 0, longest_since: null, agents_ready: 1 },
];

function floor(): LiveState {
  return {
    ...desk("offline", 0, []),
    agent: null,
    demo: { calls_per_minute: 4 },
    floor: {
      agents: [
        { id: "anna", name: "Анна Смирнова", state: "talking", reason: null, since: ago(252), queues: ["Продажи"], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: { id: "f7", ani: "+79161234567", queue: QUEUES.sales, state: "talking", since: ago(252), asked: false, direction: "in", supervisors: [] }, others: [] },
        { id: "boris", name: "Борис Ким", state: "wrap_up", reason: null, since: ago(18), queues: ["Поддержка"], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: { id: "f8", ani: "+79037776655", queue: QUEUES.support, state: "wrap_up", since: ago(18), asked: false, direction: "in", supervisors: [] }, others: [] },
        { id: "kate", name: "Kate Wilson", state: "ready", reason: null, since: ago(65), queues: ["Продажи"], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: null, others: [] },
        { id: "gleb", name: "Глеб Морозов", state: "not_ready", reason: "lunch", since: ago(2_170), queues: ["Продажи"], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: null, others: [] },
        { id: "vera", name: "Вера Лебедева", state: "not_ready", reason: "missed", since: ago(44), queues: ["Продажи"], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: null, others: [] },
        { id: "oleg", name: "Олег Рябов", state: "offline", reason: null, since: ago(9_000), queues: ["Продажи"], levels: {}, skills: {}, assigned_at: null, forward: { to: "nowhere", agent: null, queue: null, number: null, chosen: false }, phone: "page", reachable: true, contact: null, others: [] },
      ],
      contacts: [
        { id: "f1", state: "waiting", ani: "+74951112233", queue: QUEUES.support, since: ago(96), channel: "voice", direction: "in", parked: null, agent: null, scenario: null, steps: 3, muted: false, recording: "on" },
        { id: "f2", state: "waiting", ani: "+12025550123", queue: QUEUES.sales, since: ago(41), channel: "voice", direction: "in", parked: null, agent: null, scenario: null, steps: 3, muted: false, recording: "on" },
        { id: "f3", state: "waiting", ani: null, queue: QUEUES.sales, since: ago(12), channel: "voice", direction: "in", parked: null, agent: null, scenario: null, steps: 3, muted: false, recording: "on" },
        { id: "f4", state: "scenario", ani: "+78127001020", queue: null, since: ago(9), channel: "voice", direction: "in", parked: null, agent: null, scenario: "Меню", steps: 2, muted: false, recording: "on" },
        { id: "f5", state: "talking", ani: "+79161234567", queue: QUEUES.sales, since: ago(252), channel: "voice", direction: "in", parked: null, agent: null, scenario: null, steps: 3, muted: false, recording: "on" },
        { id: "f6", state: "parked", ani: "+79037776655", queue: QUEUES.support, since: ago(7_000), channel: "web", direction: "in", parked: PARKED, agent: null, scenario: null, steps: 3, muted: false, recording: "on" },
        { id: "f7", state: "parked", ani: "+12025550123", queue: QUEUES.sales, since: ago(90_000), channel: "web", direction: "in", parked: { ...PARKED, reason: null, until_written: true }, agent: null, scenario: null, steps: 3, muted: false, recording: "on" },
      ],
      queues: desk("offline", 0, []).queues.map((queue) => ({ ...queue, thresholds: { wait_warning_seconds: 30, wait_alarm_seconds: 60, waiting_warning: 0, waiting_alarm: 0, level_within_seconds: 20, level_warning: 80, level_alarm: 60 }, today: { ends_at: new Date(Date.now() + 3_600_000).toISOString(), answered: 41, in_time: 33, abandoned: 3, longest_seconds: 171 } })),
      alerts: [],
      notices: [],
      skills: [],
      incidents: [
        { entry_point: null, name: null, since: null, repaired_by: null, texts: {} },
        { entry_point: "main", name: "Основной номер", since: ago(340), repaired_by: new Date(Date.now() + 5_400_000).toISOString(), texts: { ru: "Чиним кабель." } },
      ],
    },
  };
}

const DOWN = {
  up: false,
  advice: {
    ru: "Не удалось скачать Asterisk: нет сети. Подключите сеть, сервер попробует снова сам.",
    en: "Asterisk could not be downloaded: no network. Connect the network, the server will try again by itself.",
  },
};

const WRITTEN = {
  channel: "web",
  recording: null,
  choices: [],
  letters: [
    {
      at: ago(3_900),
      text: "Здравствуйте! Заказ 1017 должен был прийти вчера, а курьер так и не позвонил.\nПодскажите, где он?",
      sender: { name: "Иван", phone: "+7 916 123-45-67", mail: "ivan@romashka.example" },
      fields: { Заказ: "1017", Страница: "Доставка" },
      number: 1,
      ...theirs,
    },
    { at: ago(64), text: "Уже не срочно: нашёлся у соседей. Спасибо!", sender: {}, fields: {}, number: 2, ...theirs },
    { at: ago(40), text: "Рады, что нашёлся! Хорошего дня.", sender: {}, fields: {}, number: 3, by: "Анна Смирнова", delivery: "failed" as const, failure: "unreachable" },
  ],
};

const PARK_REASONS = [
  { id: "customer", ru: "Ждём ответа клиента", en: "Waiting for the customer" },
  { id: "colleagues", ru: "Ждём коллег", en: "Waiting for colleagues" },
];

const PARKED = { agent: { id: "anna", name: "Анна Смирнова" }, at: ago(7_000), reason: "colleagues", returns_at: ago(-7_300), until_written: false };

const withParked = (state: LiveState): LiveState => ({
  ...state,
  park_reasons: PARK_REASONS,
  mail: true,
  parked: [
    { id: "p1", channel: "web", ani: "+79037776655", name: "Мария Константиновна Белозерская", vip: false, queue: QUEUES.support, since: ago(9_000), parked: PARKED },
    { id: "p2", channel: "web", ani: "+12025550123", name: null, vip: false, queue: QUEUES.sales, since: ago(90_000), parked: { ...PARKED, reason: null, until_written: true } },
  ],
});

export const scenes: Record<string, () => LiveState> = {
  offline: () => desk("offline", 40, []),
  shift: () => desk("not_ready", 9, [], "shift"),
  idle: () => ({ ...desk("ready", 132, []), queues: QUIET }),
  lunch: () => desk("not_ready", 734, [], "lunch"),
  missed: () => desk("not_ready", 22, [], "missed"),
  ringing: () => desk("offered", 5, [{ ...ivan, arrived_at: ago(74), queued_at: ago(52), offered_at: ago(5), offer_expires_at: ago(-15) }]),
  talking: () => desk("talking", 252, [talking("talking")]),
  "written and ringing": () => desk("offered", 5, [{ ...ivan, ...WRITTEN, offered_at: ago(5), offer_expires_at: ago(-15) }]),
  written: () => withParked(desk("talking", 252, [{ ...talking("talking"), ...WRITTEN }])),
  unknown: () => desk("talking", 31, [{ ...talking("talking"), customer: null, ani: "+12025550177", earlier: [], choices: [], queue: QUEUES.support, answered_at: ago(31), draft: { disposition: null, note: "" } }]),
  consulting: () =>
    desk("held", 37, [{ ...talking("held"), consultation: { talks_to: "colleague", answered: true, coming_back: false, since: ago(12), queue: null, agent: { id: "boris", name: "Борис Ким" } } }]),
  asking: () =>
    desk("held", 9, [{ ...talking("held"), consultation: { talks_to: "colleague", answered: false, coming_back: false, since: ago(9), queue: QUEUES.support, agent: null } }]),
  "asked and ringing": () => desk("offered", 5, [{ ...ivan, offered_at: ago(5), offer_expires_at: ago(-15), recording: null, asked: { contact: "x", by: { id: "kate", name: "Kate Wilson" }, talks_to: "colleague" } }]),
  "poor line": () => desk("talking", 95, [{ ...talking("talking"), customer_line: "poor" }]),
  "recording paused": () => desk("talking", 95, [{ ...talking("talking"), recording: { state: "paused", may_start: false, pause_ends_at: ago(-83), pause_expired: false } }]),
  "recording on demand": () => desk("talking", 95, [{ ...talking("talking"), recording: { state: "off", may_start: true, pause_ends_at: null, pause_expired: false } }]),
  "recording again": () => desk("talking", 95, [{ ...talking("talking"), recording: { state: "on", may_start: false, pause_ends_at: null, pause_expired: true } }]),
  asked: () => desk("talking", 20, [{ ...talking("talking"), recording: null, answered_at: ago(20), asked: { contact: "x", by: { id: "kate", name: "Kate Wilson" }, talks_to: "customer" } }]),
  "nobody took it": () => desk("held", 37, [{ ...talking("held"), consulted: "nobody" }]),
  pickable: () => ({
    ...desk("not_ready", 734, [], "lunch"),
    waiting: [
      { id: "w1", channel: "voice", ani: "+79161234567", name: "Иван Петров", vip: true, queue: QUEUES.support, since: ago(96) },
      { id: "w2", channel: "voice", ani: "+12025550123", name: null, vip: false, queue: QUEUES.sales, since: ago(41) },
    ],
  }),
  held: () => desk("held", 37, [{ ...talking("held"), muted: true }]),
  "wrap-up": () =>
    desk("wrap_up", 24, [{ ...talking("wrap_up"), wrap_up_ends_at: ago(-36), wrap_up_extends: true, recording: null, draft: { disposition: "order", note: "Добавили 12 коробок к заказу, отгрузка вместе с первой партией 24 ноября." } }]),
  "wrap-up and ringing": () => ({
    ...desk("wrap_up", 24, [
      { ...talking("wrap_up"), wrap_up_ends_at: ago(-36), recording: null },
      { ...ivan, id: "0193f0a0-0000-7000-8000-000000000002", customer: null, ani: "+74951112233", queue: QUEUES.support, choices: [], earlier: [] },
    ]),
  }),
  down: () => ({ ...desk("ready", 132, []), telephony: DOWN, queues: QUIET }),
  floor,
  "floor down": () => ({ ...floor(), telephony: DOWN }),
};

const WHO = ["Иван Петров", "Мария Соколова", null, "John Miller", "ООО «Вектор»", null];
const PHONES = ["+79161234567", "+79265550102", "+74951112233", "+12025550123", "+78127001020", null];
const OUTCOMES = ["answered", "answered", "abandoned", "answered", "answered", "lost"] as const;
const AGENTS = [
  { id: "anna", name: "Анна Смирнова" },
  { id: "boris", name: "Борис Ким" },
  { id: "kate", name: "Kate Wilson" },
];

export const journal: ContactRow[] = Array.from({ length: 73 }, (_, i) => {
  const outcome = OUTCOMES[i % 6]!;
  const answered = outcome === "answered";
  const talk = 40 + ((i * 97) % 500);
  const name = WHO[i % 6]!;
  const arrived = 200 + i * 1_140;
  return {
    id: `0193f0a0-0000-7000-9000-${String(i).padStart(12, "0")}`,
    channel: "voice",
    direction: "in",
    arrived_at: ago(arrived),
    ended_at: ago(arrived - talk - 30),
    outcome,
    stage: answered ? "talking" : outcome === "lost" ? "offered" : "waiting",
    ani: PHONES[i % 6]!,
    dnis: i % 3 ? "1000" : "2000",
    customer: name ? { id: `c${i % 6}`, name } : null,
    queue: i % 2 ? QUEUES.support : QUEUES.sales,
    agent: answered ? AGENTS[i % 3]! : null,
    choices: [i % 2 ? "Поддержка" : "Продажи"],
    wait_seconds: (i * 13) % 90,
    talk_seconds: answered ? talk : 0,
    hold_seconds: answered ? (i * 7) % 60 : 0,
    parked_seconds: 0,
    dialling_seconds: 0,
    failure: null,
    wrap_up_seconds: answered ? 12 + (i % 40) : 0,
    disposition: answered ? DISPOSITIONS[i % 5]! : null,
    note: answered && i % 2 === 0 ? "Уточнили адрес доставки, отправили счёт на почту." : null,
    recording: answered ? { seconds: talk + 22, silences: [{ begins: 60, ends: 95, paused: true }] } : null,
  };
});

const kate = { id: "kate", name: "Kate Wilson" };
const boris = { id: "boris", name: "Борис Ким" };

/** What `/why` says of every contact here. */
export const STEPS: WhyStep[] = [
  { seq: 11, at: ago(330), what: "contact_arrived", ru: "Обращение поступило на 1000", en: "The contact arrived at 1000", considered: [] },
  {
    seq: 14,
    at: ago(310),
    what: "contact_queued",
    ru: "Встало в очередь «Продажи» → предложено: Kate Wilson (№ 1, звонит 20 с)",
    en: "Queued in “Продажи” → offered to Kate Wilson (no. 1, rings 20 s)",
    considered: [
      { agent: kate, rule: null, ru: "можно предложить", en: "could be offered", facts: { idle_seconds: 65 } },
      { agent: boris, rule: "requirement_not_met", ru: "не отвечает требованию", en: "does not meet the requirement", facts: { unmet: "english >= 5" } },
    ],
  },
  { seq: 19, at: ago(250), what: "contact_transferred", ru: "Kate Wilson переводит: Борис Ким", en: "Kate Wilson transferred it to Борис Ким", considered: [] },
];
