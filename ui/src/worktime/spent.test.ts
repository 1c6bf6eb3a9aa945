import { expect, test } from "vitest";

import type { DayStretch, DayTold, WorkedDay } from "@/api/workforce";
import { byAgent, csv, hours, kindOf, occupancy, pieces, spentIn, sums } from "@/worktime/spent";

const at = (time: string) => `2026-11-28T${time}Z`;
const stretch = (began: string, ended: string | null, more: Partial<DayStretch> = {}): DayStretch => ({
  began_at: at(began),
  ended_at: ended === null ? null : at(ended),
  state: "ready",
  status: "ready",
  reason: null,
  contact: null,
  channel: null,
  ...more,
});
const told = (...stretches: DayStretch[]): DayTold => ({ agent: "a", name: "Anna", day: "2026-11-28", worked: null, stretches });

test("what goes on ends now, and sums add up to the whole, to the millisecond", () => {
  const of = pieces(
    told(
      stretch("09:00:00.001", "09:30:00.500", { state: "not_ready", status: "not_ready", reason: "lunch" }),
      stretch("09:30:00.500", "09:31:00.007"),
      stretch("09:31:00.007", "09:32:00", { state: "talking", contact: "c" }),
      stretch("09:32:00", null),
    ),
    Date.parse(at("09:33:00.123")),
  );
  const found = sums(of);
  expect(found.map((one) => [one.state, one.reason, one.milliseconds])).toEqual([
    ["not_ready", "lunch", 1_800_499],
    ["ready", null, 59_507 + 60_123],
    ["talking", null, 59_993],
  ]);
  expect(found.reduce((sum, one) => sum + one.milliseconds, 0)).toBe(Date.parse(at("09:33:00.123")) - Date.parse(at("09:00:00.001")));
});

test("the reason of a status that is not shown does not part what is done with a contact", () => {
  const of = pieces(told(stretch("09:00:00", "09:01:00", { state: "talking" }), stretch("09:01:00", "09:02:00", { state: "talking", status: "not_ready", reason: "lunch" })), 0);
  expect(sums(of)).toEqual([{ state: "talking", reason: null, milliseconds: 120_000 }]);
});

test("a clock that is behind the server's leaves nothing below zero", () => {
  expect(sums(pieces(told(stretch("09:00:00", null)), Date.parse(at("08:59:59"))))[0]?.milliseconds).toBe(0);
});

test("of an agent all days are added, and the busy part is what was in hand", () => {
  const day = (name: string, milliseconds: number): WorkedDay => ({
    agent: name,
    name,
    day: "2026-11-28",
    began_at: at("09:00:00"),
    ended_at: at("10:00:00"),
    milliseconds,
    spent: [
      { state: "ready", reason: null, milliseconds: milliseconds / 4 },
      { state: "held", reason: null, milliseconds: milliseconds / 4 },
      { state: "not_ready", reason: "lunch", milliseconds: milliseconds / 2 },
    ],
  });
  const [anna, boris] = byAgent([day("Anna", 4000), day("Anna", 8000), day("Boris", 400)]);
  expect(anna).toMatchObject({ name: "Anna", milliseconds: 12_000 });
  expect(anna?.spent[0]).toEqual({ state: "not_ready", reason: "lunch", milliseconds: 6000 });
  expect(spentIn(anna?.spent ?? [], "held")).toBe(3000);
  expect(anna && occupancy(anna)).toBe(0.25);
  expect(boris?.days).toHaveLength(1);
  expect(occupancy({ milliseconds: 0, spent: [] })).toBeNull();
});

test("a missed call is no pause like others", () => {
  expect([kindOf("not_ready", "missed"), kindOf("not_ready", "lunch"), kindOf("ready", "calls"), kindOf("dialling", null)]).toEqual(["missed", "pause", "ready", "talking"]);
});

test("hours are marked in steps that leave room for them", () => {
  const begins = new Date(2026, 10, 28, 8, 20).getTime();
  expect(hours(begins, begins + 3 * 3_600_000).map((each) => new Date(each).getHours())).toEqual([9, 10, 11]);
  expect(hours(begins, begins + 11 * 3_600_000).map((each) => new Date(each).getHours())).toEqual([10, 12, 14, 16, 18]);
});

test("a file for a spreadsheet runs no formula and has the comma of its language", () => {
  const rows = [["Agent", "Sum"], ['=cmd|"x"', 1.5], ["Anna; B", 2]];
  expect(csv(rows, false)).toBe('\ufeffAgent,Sum\r\n"\'=cmd|""x""",1.5\r\n"Anna; B",2\r\n');
  expect(csv(rows, true)).toBe('\ufeffAgent;Sum\r\n"\'=cmd|""x""";1,5\r\n"Anna; B";2\r\n');
});
