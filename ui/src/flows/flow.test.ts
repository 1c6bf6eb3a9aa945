import { describe, expect, it } from "vitest";

import { begin, change, redo, undo } from "../design/story";
import { addBlock, bodyOf, copyBlock, exitsOf, freeExit, matches, removeBlock, setBody, setExit, setLanguages, startWith, type Block, type Flow } from "./flow";
import { depths, neighbour, order, places, tidyUp } from "./layout";

const MENU: Flow = {
  id: "menu",
  languages: ["ru", "en"],
  otherwise: "support",
  blocks: [
    { id: "menu", name: "Меню", ask: { text: { ru: "Продажи: 1", en: "Sales: 1" }, keys: { "1": "Продажи", "2": "Поддержка" } }, exits: { "1": "sales", "2": "say" } },
    { id: "sales", queue: { queue: "sales" } },
    { id: "say", say: { text: { ru: "Ждите", en: "Wait" } }, exits: { done: "support" } },
    { id: "support", queue: { queue: "support" } },
  ],
};
const exits = (flow: Flow, id: string) => flow.blocks.find((block) => block.id === id)?.exits;
const names = (flow: Flow, id: string) => {
  const block = flow.blocks.find((each) => each.id === id);
  return block ? exitsOf(block).map(({ name }) => name) : [];
};

describe("blocks and exits", () => {
  it("names what must lead somewhere before what may", () => {
    expect(names(MENU, "menu")).toEqual(["1", "2", "otherwise", "no_input", "no_match", "failed"]);
    expect(names(MENU, "say")).toEqual(["done", "failed"]);
    expect(names(MENU, "sales")).toEqual([]);
  });

  it("names the keys of a phrase, and what is not sure where nobody is asked back", () => {
    const phrase: Block = { id: "why", listen: { text: {}, into: "reason", keys: { "0": "A person" } } };
    const of = (block: Block) => exitsOf(block).map(({ name, needed }) => (needed ? name : `(${name})`));
    expect(of(phrase)).toEqual(["done", "0", "unsure", "(otherwise)", "(no_input)", "(no_match)", "(failed)", "(deaf)"]);
    expect(of({ id: "why", listen: { text: {}, into: "reason", confirm: { ru: "{heard}?" } } })).not.toContain("unsure");
  });

  it("shows an exit that leads somewhere even where it makes no sense any more", () => {
    expect(names(setExit(MENU, "sales", "lost", "menu"), "sales")).toEqual(["lost"]);
  });

  it("puts a new block between an exit and where it led", () => {
    const made = addBlock(MENU, "say", { text: {} }, { block: "menu", exit: "1" });
    expect(made.id).toBe("say-1");
    expect(exits(made.flow, "menu")).toEqual({ "1": "say-1", "2": "say" });
    expect(exits(made.flow, "say-1")).toEqual({ done: "sales" });
  });

  it("connects a new block to the first exit that leads nowhere", () => {
    const menu = MENU.blocks[0];
    if (!menu) throw new Error("no menu");
    expect(freeExit(menu)).toBe("otherwise");
    expect(freeExit({ ...menu, exits: {} })).toBe("1");
    expect(freeExit({ id: "end", queue: { queue: "sales" } })).toBeUndefined();
  });

  it("closes the gap when a block with one way onward is removed", () => {
    const left = removeBlock(MENU, "say");
    expect(left.blocks.map(({ id }) => id)).toEqual(["menu", "sales", "support"]);
    expect(exits(left, "menu")).toEqual({ "1": "sales", "2": "support" });
    expect(exits(removeBlock(MENU, "sales"), "menu")).toEqual({ "2": "say" });
  });

  it("keeps the way of a key that is renamed, and drops that of one that is removed", () => {
    const renamed = setBody(MENU, "menu", { text: {}, keys: { "1": "Продажи", "3": "Поддержка" } });
    expect(exits(renamed, "menu")).toEqual({ "1": "sales", "3": "say" });
    expect(exits(setBody(MENU, "menu", { text: {}, keys: { "1": "Продажи" } }), "menu")).toEqual({ "1": "sales" });
  });

  it("copies what a block does, and not where it leads", () => {
    const made = copyBlock(MENU, "say");
    expect(made.flow.blocks.find(({ id }) => id === made.id)).toEqual({ id: "say-1", say: { text: { ru: "Ждите", en: "Wait" } } });
  });

  it("takes the texts of a language away with it, and keys that look like one stay", () => {
    const flow = setLanguages(MENU, ["ru"]);
    expect(flow.blocks[0]?.["ask"]).toEqual({ text: { ru: "Продажи: 1" }, keys: { "1": "Продажи", "2": "Поддержка" } });
  });

  it("keeps the phrases of a key that was renamed, and lets those of one that was taken away go", () => {
    const phrases = { "1": { ru: ["купить"], en: ["buy"] }, "2": { ru: ["помощь"] } };
    const spoken = setBody(MENU, "menu", { ...bodyOf(MENU.blocks[0] as Block), speech: { phrases, confirm: { ru: "?", en: "?" } } });
    const body = bodyOf(spoken.blocks[0] as Block);
    const said = (flow: Flow) => (bodyOf(flow.blocks[0] as Block)["speech"] as { phrases: unknown }).phrases;
    expect(said(setBody(spoken, "menu", { ...body, keys: { "7": "Продажи", "2": "Поддержка" } }))).toEqual({ "7": phrases["1"], "2": phrases["2"] });
    expect(said(setBody(spoken, "menu", { ...body, keys: { "2": "Поддержка" } }))).toEqual({ "2": phrases["2"] });
    expect(bodyOf(setLanguages(spoken, ["ru"]).blocks[0] as Block)["speech"]).toEqual({ phrases: { "1": { ru: ["купить"] }, "2": { ru: ["помощь"] } }, confirm: { ru: "?" } });
  });

  it("has an exit for what is not sure only where nobody is asked back", () => {
    const exits = (speech: object) => exitsOf({ id: "m", ask: { keys: { "1": "" }, speech } }).map(({ name }) => name);
    expect(exits({ phrases: {} })).toContain("unsure");
    expect(exits({ phrases: {}, confirm: { ru: "?" } })).not.toContain("unsure");
  });

  it("begins with another block", () => {
    expect(startWith(MENU, "say").blocks.map(({ id }) => id)).toEqual(["say", "menu", "sales", "support"]);
  });

  it("finds a block by any word in it", () => {
    expect(MENU.blocks.filter((block) => matches(block, "ждите")).map(({ id }) => id)).toEqual(["say"]);
    expect(MENU.blocks.filter((block) => matches(block, "  "))).toEqual([]);
  });
});

describe("undo", () => {
  const named = (name: string): Flow => ({ ...MENU, name });

  it("takes a text that was typed back in one step", () => {
    const typed = change(change(change(begin(MENU), named("a"), "name"), named("ab"), "name"), named("abc"), "name");
    expect(undo(typed).now).toBe(MENU);
    expect(redo(undo(typed)).now.name).toBe("abc");
  });

  it("keeps two changes apart, and forgets what was undone when something else is done", () => {
    const story = change(change(begin(MENU), named("a"), "name"), named("b"), "");
    expect(undo(story).now.name).toBe("a");
    expect(change(undo(story), named("c"), "").future).toEqual([]);
    expect(undo(undo(undo(story))).now).toBe(MENU);
  });
});

describe("layout", () => {
  it("puts each block behind what leads to it, and none on top of another", () => {
    const found = places(MENU);
    expect(depths(MENU).get("support")).toBe(2);
    expect(new Set([...found.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(4);
  });

  it("ends on a flow that goes round in a circle, and on blocks that nothing leads to", () => {
    const circle = { ...MENU, blocks: [...MENU.blocks, { id: "a", say: {}, exits: { done: "b" } }, { id: "b", say: {}, exits: { done: "a" } }] };
    expect(order(circle).map(({ id }) => id)).toEqual(["menu", "sales", "say", "support", "a", "b"]);
    expect(places(circle).size).toBe(6);
  });

  it("ends soon on a ladder with a million ways through it", () => {
    const blocks = Array.from({ length: 60 }, (_, n) => ({ id: `b${n}`, ask: { keys: { "1": "", "2": "" } }, exits: { "1": `b${n + 2}`, "2": `b${n + 1}` } }));
    expect(places({ ...MENU, blocks }).size).toBe(60);
  });

  it("leaves a block where it was put, until all are tidied up", () => {
    const moved = { ...MENU, blocks: MENU.blocks.map((block, n) => (n === 1 ? { ...block, at: [700, 40] as [number, number] } : block)) };
    expect(places(moved).get("sales")).toEqual({ x: 700, y: 40 });
    expect(tidyUp(moved).blocks[1]).toEqual(MENU.blocks[1]);
  });

  it("goes by arrows: along an exit, back, and by the list", () => {
    expect(neighbour(MENU, "menu", "right")).toBe("sales");
    expect(neighbour(MENU, "support", "left")).toBe("say");
    expect(neighbour(MENU, "menu", "down")).toBe("sales");
    expect(neighbour(MENU, "menu", "up")).toBeUndefined();
    expect(neighbour(MENU, "support", "right")).toBeUndefined();
  });
});
