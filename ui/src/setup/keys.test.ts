import { expect, test } from "vitest";

import { choosing } from "@/setup/keys";

function pressed(key: string, at: number): string[] {
  const done: string[] = [];
  const told = (what: string) => () => void done.push(what);
  choosing({ edit: told("edit"), add: told("add"), remove: told("remove") }, (to) => void done.push(`go ${to}`), at, 3)[key]?.();
  return done;
}

test("keys act on the chosen row", () => {
  expect(["Enter", " ", "Insert", "Delete", "ArrowDown", "End"].flatMap((key) => pressed(key, 1))).toEqual(["edit", "edit", "add", "remove", "go 2", "go 2"]);
});

test("a chosen row that the search hides is not acted upon: the first that is shown is chosen, and nothing else", () => {
  expect(["Enter", " ", "Insert", "Delete", "ArrowDown"].map((key) => pressed(key, -1))).toEqual(Array.from({ length: 5 }, () => ["go 0"]));
});
