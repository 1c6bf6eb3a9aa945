import { expect, test } from "vitest";

import { afterwards, different, wanted, withLevel, withoutQueue } from "@/setup/agents";

const anna = { login: "anna", queues: { sales: 5, support: 3 }, weight: 1 };
const boris = { login: "boris", queues: { support: 1 }, weight: 2 };

test("only who is different is changed, and one who comes back to what was is not", () => {
  const out = withLevel(anna, "sales", null);
  expect(different({ anna: out, boris: { ...boris } }, [anna, boris])).toEqual({ anna: { ...anna, queues: { support: 3 } } });
  expect(different({ anna: withLevel(out, "sales", 5) }, [anna, boris])).toEqual({});
  expect(different({ anna: withLevel(anna, "sales", 6), gone: boris }, [anna])).toEqual({ anna: { ...anna, queues: { support: 3, sales: 6 } } });
});

test("others stand as they are now, not as they were when the work began", () => {
  const changed = { anna: withLevel(anna, "sales", 9) };
  expect(wanted(changed, [anna, { ...boris, weight: 7 }])).toEqual([{ ...anna, queues: { support: 3, sales: 9 } }, { ...boris, weight: 7 }]);
});

test("after publishing the others stand as they did in what it was published over", () => {
  const over = { version: 8, value: "theirs", queues: [], agents: [anna, { ...boris, weight: 7 }], names: {}, form: { fields: [] }, attributes: [] };
  const mine = { value: "mine", queues: [], agents: { anna: withLevel(anna, "sales", 9) } };
  expect(afterwards(mine, { version: 9, over })).toEqual({ ...over, version: 9, value: "mine", agents: [withLevel(anna, "sales", 9), { ...boris, weight: 7 }] });
});

test("of a queue that goes nobody stays a member", () => {
  expect(withoutQueue([anna, boris], "support")).toEqual({ anna: { ...anna, queues: { sales: 5 } }, boris: { ...boris, queues: {} } });
  expect(withoutQueue([anna, boris], "night")).toEqual({});
});
