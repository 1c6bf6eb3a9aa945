/** A small knowledge base to look at. */
const iso = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

export const ARTICLE = {
  id: "a1",
  version: 3,
  title: "Возврат и замена букета",
  body: "## Когда возвращаем\n\nЕсли букет завял **в течение суток**: деньги на карту или замена, *на выбор клиента*.\n\n1. Попросить две фотографии:\n   - общий вид,\n   - листья у среза.\n2. Завести заявку «Возврат».\n\n> Больше 10 000 ₽ согласует старший смены.\n\n| Сумма | Срок |\n|---|---|\n| до 3 000 ₽ | сразу |\n| больше | 2 дня |\n\nПолные условия: https://romashka.example/return",
  language: "ru" as const,
  tags: ["деньги", "замена"],
  queues: ["support"],
  made_at: iso(90_000),
};

const piece = (text: string, hit = false) => ({ text, hit });

export const hits = (q: string) => [
  { id: "a1", title: q ? [piece("Возврат", true), piece(" и замена букета")] : [piece(ARTICLE.title)], snippet: [piece("Если букет завял в течение суток: деньги на карту или "), piece(q ? "замена" : "замена", q !== ""), piece(", на выбор клиента. Попросить две фотографии …")], language: "ru", tags: ARTICLE.tags, suggested: q === "" },
  { id: "a2", title: [piece("Доставка: сроки и цены")], snippet: [piece("Доставка по городу бесплатно от 3 000 ₽, в день заказа до 18:00. За город — 600 ₽.")], language: "ru", tags: [], suggested: q === "" },
  { id: "a3", title: [piece("Opening hours")], snippet: [piece("Our shops are open daily from 9 to 21, on New Year\'s Eve until 18.")], language: "en", tags: [], suggested: q === "" },
];

export const ARTICLES = [
  { ...ARTICLE, published: 2, by: "Администратор", put: 14, helped: 31, failed: 2 },
  { ...ARTICLE, id: "a2", title: "Доставка: сроки и цены", version: 1, published: 1, tags: ["курьер"], queues: [], by: "Администратор", put: 3, helped: 8, failed: 0 },
  { ...ARTICLE, id: "a3", title: "Opening hours", version: 1, published: null, tags: [], queues: [], language: "en", by: null, put: 0, helped: 0, failed: 0 },
];
