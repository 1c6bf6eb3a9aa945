import { text } from "node:stream/consumers";

import { createElement, Suspense } from "react";
import { prerenderToNodeStream } from "react-dom/static";
import { expect, test } from "vitest";

import { ornament } from "@/design/ornament";

const Sign = ({ name }: { name: string }) => createElement("b", null, name);
const Plain = ({ name }: { name: string }) => createElement("i", null, name);
const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

/** As it is drawn once all has come, in what it stands in. */
async function drawn(sign: ReturnType<typeof ornament<{ name: string }>>): Promise<string> {
  const { prelude } = await prerenderToNodeStream(createElement("p", null, createElement(Suspense, null, createElement(sign, { name: "Boris" }))));
  return (await text(prelude)).replace(/<!--.*?-->/g, "");
}

test("a sign that comes is drawn", async () => {
  expect(await drawn(ornament(() => Promise.resolve(Sign)))).toBe("<p><b>Boris</b></p>");
});

test("one that cannot be loaded is missing, or stands in its plain form, and all around it stays", async () => {
  expect(await drawn(ornament<{ name: string }>(gone))).toBe("<p></p>");
  expect(await drawn(ornament<{ name: string }>(gone, Plain))).toBe("<p><i>Boris</i></p>");
});
