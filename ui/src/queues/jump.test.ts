import { expect, test } from "vitest";

import { standsIn } from "@/queues/jump";

test("a problem stands in the row of its place, and in no other", () => {
  const rows = ["rings[1]", "rings[10]", "overflow[1]", "agents[3]"];
  const of = (place: string) => rows.filter((row) => standsIn(place, row));
  expect(["queues[0].rings[1].requires", "queues[0].rings[10]", "queues[0].requires", "queues[1]", "agents[3].queues.sales"].map(of)).toEqual([["rings[1]"], ["rings[10]"], [], [], ["agents[3]"]]);
});
