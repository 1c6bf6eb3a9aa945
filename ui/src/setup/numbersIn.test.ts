import { expect, test } from "vitest";

import { numbersIn } from "@/setup/numbersIn";

test("numbers are taken apart as they are written", () => {
  expect(numbersIn("+49 30 1\r\n+43 1\t+41 44")).toEqual(["+49 30 1", "+43 1", "+41 44"]);
  expect(numbersIn(" +49 30 1, +43;\n+41 ,")).toEqual(["+49 30 1", "+43", "+41"]);
});
