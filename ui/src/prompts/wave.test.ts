import { expect, test } from "vitest";

import { readable, wav } from "@/prompts/wave";

const sound = (channels: number[][]) => ({
  length: channels[0]?.length ?? 0,
  sampleRate: 48_000,
  numberOfChannels: channels.length,
  getChannelData: (channel: number) => new Float32Array(channels[channel] ?? []),
});

test("two channels become one, and nothing goes over the edge", async () => {
  const made = new DataView(await wav(sound([[1, 0, -3], [0, 0, -3]])).arrayBuffer());
  expect(made.byteLength).toBe(44 + 6);
  expect(new TextDecoder().decode(made.buffer.slice(0, 4))).toBe("RIFF");
  expect(made.getUint32(24, true)).toBe(48_000);
  expect(made.getUint32(40, true)).toBe(6);
  expect([44, 46, 48].map((at) => made.getInt16(at, true))).toEqual([16_384, 0, -32_767]);
});

test("what the server reads by itself goes as it is", async () => {
  const file = new File(["x"], "greeting.MP3");
  expect(await readable(file)).toBe(file);
});

test("what nobody can read goes as it came", async () => {
  const file = new File(["x"], "greeting.txt");
  expect(await readable(file)).toBe(file);
});
