import { expect, test, vi } from "vitest";

import { publishPart, type Part } from "@/api/parts";

const opened: Part<string> = { version: 7, value: "as it was", queues: [], agents: [{ login: "anna", queues: {}, weight: 1 }], names: {}, form: { fields: [] }, attributes: [] };
const newest = { ...opened, version: 8, agents: [...opened.agents, { login: "boris", queues: { sales: 9 }, weight: 1 }] };
const conflict = { error: { code: "config_conflict", message: "" } };

test("where a colleague has changed something else, it is said what was published over: theirs, not what was opened", async () => {
  const answers = [Response.json(conflict, { status: 412 }), Response.json(newest), Response.json({ version: 9, changes: [], faults: [] })];
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", (_: string, { method, headers }: { method: string; headers: Record<string, string> }) => {
    asked.push([method, headers["If-Match"]]);
    return Promise.resolve(answers.shift());
  });
  expect(await publishPart("queues", { value: "mine", queues: [], agents: {} }, opened, "")).toEqual({ version: 9, over: newest });
  expect(asked).toEqual([["PUT", '"7"'], ["GET", undefined], ["PUT", '"8"']]);
  vi.unstubAllGlobals();
});
