/** Shape discovery from states and from what actions name in them, with the traps that real worlds set. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/json/json.ts";
import type { ShapeOverrides } from "../../src/json/shape/overrides.ts";
import { formsOf, nodeFromForms, nodeFromText, nodeToJson } from "../../src/json/shape/serialise.ts";
import { createShape, type Shape, type ShapeNode } from "../../src/json/shape/shape.ts";

function shapeOf(states: readonly Json[]): Shape {
  const shape = createShape();
  for (const [at, state] of states.entries()) shape.observe(state, at === 0 ? null : (states[at - 1] ?? null));
  return shape;
}

function at(shape: Shape, path: string): ShapeNode {
  let node: ShapeNode | null | undefined = shape.root;
  for (const segment of path.split(".")) node = segment === "*" ? node?.each : node?.fields.get(segment);
  if (node === null || node === undefined) throw new Error(`nothing is known of ${path}`);
  return node;
}

const thing = (id: number, name: string, more: Record<string, Json> = {}): Json => ({ id, name, ...more });

describe("shape", () => {
  it("finds a map of records by keys that are data, and a record by keys that are names", () => {
    const shape = shapeOf([
      { orders: { "#W1": { status: "open" } }, user: { name: "Ann", mail: "a@x" } },
      { orders: { "#W2": { status: "shut" } }, user: { name: "Bob", mail: "b@x" } },
    ]);
    expect(at(shape, "orders").objectForm).toBe("collection");
    expect(at(shape, "user").objectForm).toBe("record");
  });

  it("finds a map by keys that its values name, whatever they are, and only by all of them", () => {
    const wired = (peer: Json, other: Json): Json => ({ wire: { ends: { left: peer, right: other } } });
    const [toLeft, toRight]: Json[] = [
      ["lamp", "left"],
      ["lamp", "right"],
    ];
    const shape = shapeOf([
      wired(null, toLeft ?? null),
      wired(null, null),
      wired(null, null),
      wired(null, toLeft ?? null),
    ]);
    expect(at(shape, "wire.ends").objectForm).toBe("record");
    const restored = createShape({}, undefined, nodeFromText(JSON.stringify(nodeToJson(shape.root))));
    for (const one of [shape, restored]) {
      one.observe(wired(toRight ?? null, toLeft ?? null), null);
      expect(at(one, "wire.ends").objectForm).toBe("map");
    }
  });

  it("finds things with plain names: by what is said of them in all, and by what names them", () => {
    const tool = (more: Record<string, Json>): Json => ({ kind: "tool", ...more });
    const bench = (more: Record<string, Json> = {}): Json => ({
      saw: tool({ sharp: true, clean: true, heavy: true }),
      file: tool({ worn: true, old: true, rusty: true }),
      rasp: tool({ sharp: true, old: true, heavy: true }),
      bob: { age: 31 },
      ...more,
    });
    const turned = (at: number) =>
      bench(at % 2 === 0 ? {} : { saw: tool({ worn: true, old: true }), file: tool({ sharp: true, clean: true }) });
    expect(at(shapeOf([{ bench: bench() }]), "bench").objectForm).toBe("record");
    expect(at(shapeOf([0, 1, 2, 3].map((time) => ({ bench: turned(time) }))), "bench").objectForm).toBe("collection");

    const stacked = (on: string): Json => ({ pile: { top: { on }, cup: { full: true }, lid: { tight: true } } });
    const words = ["cup", "lid", "cup", "lid"].map(stacked);
    expect(at(shapeOf(words), "pile").objectForm).toBe("collection");
    const strange = ["a", "b", "c", "d"].map(stacked);
    expect(at(shapeOf(strange), "pile").objectForm).toBe("record");
    const itself = ["top", "top", "top", "top"].map(stacked);
    expect(at(shapeOf(itself), "pile").objectForm).toBe("record");
  });

  it("reads an array of positions that comes and goes as one value", () => {
    const box = (more: Record<string, Json>): Json => ({ box: { size: [2, 3], open: true, ...more } });
    const shape = shapeOf([box({ at: [1, 2] }), box({ at: [1, 3] })]);
    expect(at(shape, "box.at").arrayForm).toBe("tuple");
    shape.observe(box({}), box({ at: [1, 3] }));
    expect(at(shape, "box.at").arrayForm).toBe("list");
    expect(at(shape, "box.size").arrayForm).toBe("tuple");
    const came = shapeOf([box({ at: [1, 2] })]);
    came.observe(box({ at: [4, 4] }), box({}));
    expect(at(came, "box.at").arrayForm).toBe("list");
  });

  it("tells records without an identity by their place where they are always as many, and else takes them as one value", () => {
    const seats = (...free: boolean[]): Json => ({ seats: free.map((one) => ({ free: one, by: one ? null : "ann" })) });
    const shape = shapeOf([seats(true, true), seats(true, false), seats(false, false)]);
    expect([at(shape, "seats").arrayForm, at(shape, "seats").key]).toEqual(["keyed", null]);
    shape.observe(seats(true), seats(true, true));
    expect(at(shape, "seats").arrayForm).toBe("list");
  });

  it("reads rows of as many cells each as a grid, as arrays and as texts, and what grows as a list", () => {
    const shape = shapeOf([
      { board: ["", "", ""].map(() => ["", "", ""]), map: ["#####", "#...#", "#####"] },
      { board: [["x", "", ""], ...["", ""].map(() => ["", "", ""])], map: ["#####", "#@..#", "#####"] },
    ]);
    for (const place of ["board", "map"]) expect(at(shape, place).arrayForm).toBe("keyed");
    for (const place of ["board.*", "map.*"]) expect(at(shape, place).arrayForm).toBe("cells");
    expect(formsOf(nodeFromForms(formsOf(shape.root)))).toEqual(formsOf(shape.root));
    const edges = shapeOf(
      [1, 2, 3, 4].map((more) => ({ on: Array.from({ length: 2 + more }, () => ["a", "on", "b"]) })),
    );
    expect(at(edges, "on").arrayForm).toBe("list");
  });

  it("reads a grid of more than 32 cells a side as a whole", () => {
    const grid = (side: number): Json => Array.from({ length: side }, () => Array.from({ length: side }, () => 0));
    const shape = shapeOf([{ small: grid(32), large: grid(33) }]);
    expect(at(shape, "small.*").arrayForm).toBe("cells");
    expect(at(shape, "large").arrayForm).toBe("list");
  });

  it("takes identities, days and words for no grid, however long they are", () => {
    const shape = shapeOf([
      {
        ids: ["1111111111", "2222222222", "3003003003"],
        days: ["2026-05-01", "2026-05-02", "2026-05-03"],
        tags: ["red", "tan", "sky"],
      },
    ]);
    for (const place of ["ids", "days", "tags"]) expect(at(shape, place).arrayForm).toBe("tuple");
  });

  it("finds the identity of an array's elements, and keeps it when the array is reordered", () => {
    const a = thing(1, "lamp");
    const b = thing(2, "pen");
    const c = thing(3, "mug");
    const shape = shapeOf([{ things: [a, b, c] }, { things: [c, a, b] }, { things: [b, c, a] }]);
    expect(at(shape, "things")).toMatchObject({ arrayForm: "keyed", key: "id" });
    expect(at(shape, "things").aliases).toEqual(["id", "name"]);
  });

  it("takes no field for an identity whose values repeat", () => {
    const states = Array.from({ length: 12 }, (_, n) => ({
      payments: Array.from({ length: 2 + (n % 2) }, () => ({ kind: "payment", amount: n + 0.5 })),
    }));
    expect(at(shapeOf(states), "payments")).toMatchObject({ arrayForm: "list", key: null });
  });

  it("gives up an identity when ids turn out to repeat", () => {
    const good = Array.from({ length: 3 }, (_, n) => ({ things: [thing(n, `a ${n}`), thing(n + 10, `b ${n}`)] }));
    const bad = Array.from({ length: 6 }, (_, n) => ({ things: [thing(7, `c ${n}`), thing(7, `d ${n}`)] }));
    expect(at(shapeOf(good), "things").key).toBe("id");
    expect(at(shapeOf([...good, ...bad]), "things").key).toBe("name");
  });

  it("knows references by their places: a word that happens to be a name is none", () => {
    const states = Array.from({ length: 8 }, (_, n) => ({
      things: {
        "water 1": { in: "cup 1", drink: n === 0 ? "water 1" : "tea" },
        "cup 1": { in: "water 1", drink: "juice" },
      },
    }));
    const shape = shapeOf(
      states.map((state, n) => ({
        ...state,
        step: n,
        things: { ...state.things, [`pen ${n}`]: { in: "cup 1", drink: `d${n}` } },
      })),
    );
    expect(at(shape, "things.*.in").reference).toBe(true);
    expect(at(shape, "things.*.drink").reference).toBe(false);
  });

  it("keeps lists that always name each thing once by the thing that is named", () => {
    const state = (inBox: readonly string[], inBag: readonly string[]) => ({
      things: [
        { id: 1, name: "box 1", holds: inBox },
        { id: 2, name: "bag 2", holds: inBag },
        { id: 3, name: "pen 3", holds: [] },
      ],
    });
    const moved = shapeOf([state(["pen 3"], []), state([], ["pen 3"]), state(["pen 3"], []), state([], ["pen 3"])]);
    expect(at(moved, "things.*.holds").exclusiveList).toBe(true);
    const shared = shapeOf([state(["pen 3"], ["pen 3"]), state(["pen 3"], ["pen 3"]), state(["pen 3"], [])]);
    expect(at(shared, "things.*.holds").exclusiveList).toBe(false);
  });

  it("takes a place for one value whose kind changes from step to step, or that has ever other fields", () => {
    const shape = shapeOf([
      { result: null, last: { a: 1, b: 2 } },
      { result: { id: "x" }, last: { c: 1, d: 2 } },
      { result: "Error: none", last: { e: 1 } },
    ]);
    expect(at(shape, "result").atomic).toBe(true);
    expect(at(shape, "last").atomic).toBe(true);
  });

  it("lets a key be missing now and then, and numbers be texts", () => {
    const states = Array.from({ length: 6 }, (_, n) => ({
      account: n % 2 === 0 ? { name: "Ann", age: n } : { name: "Ann", age: String(n), note: "x" },
    }));
    const shape = shapeOf(states);
    expect(at(shape, "account")).toMatchObject({ objectForm: "record", atomic: false });
    expect(at(shape, "account.age").atomic).toBe(false);
  });

  it("takes for data the keys that actions name, where they are several of a kind, and keeps it", () => {
    const state = (names: readonly string[], more: Record<string, Json> = {}): Json => ({
      ids: Object.fromEntries(names.map((name, n) => [name, `U${n}`])),
      user: { mail: "a@x", age: 31, city: "Rome", ...more },
    });
    const shape = shapeOf([state(["ann", "bob", "cem", "dia"])]);
    for (const name of ["ann", "bob", "mail"]) shape.address(state(["ann", "bob", "cem"]), new Set([name]));
    shape.observe(state(["ann", "bob", "cem"]), null);
    expect(at(shape, "ids").objectForm).toBe("record");
    const restored = createShape({}, undefined, nodeFromText(JSON.stringify(nodeToJson(shape.root))));
    for (const one of [shape, restored]) {
      one.address(state(["ann", "bob", "cem"]), new Set(["cem", "nobody"]));
      one.observe(state(["ann", "cem"]), null);
      expect(at(one, "ids").objectForm).toBe("map");
      expect(at(one, "user").objectForm).toBe("record");
    }
  });

  it("knows an identity that records of another kind lack, but not one that half of them do", () => {
    const queue = (n: number, strangers: number): Json => ({
      queue: [thing(n, "a"), thing(n + 1, "b"), ...Array.from({ length: strangers }, () => ({ note: "b" }))],
    });
    const few = shapeOf([...Array.from({ length: 9 }, (_, n) => queue(3 * n, 0)), queue(90, 1)]);
    const many = shapeOf(Array.from({ length: 9 }, (_, n) => queue(3 * n, n % 2)));
    expect(at(few, "queue").key).toBe("id");
    expect(at(many, "queue").arrayForm).toBe("list");
  });

  it("takes a thing of which all else is said now for the same thing, by its name", () => {
    const state = (said: Record<string, Json>): Json => ({
      things: { "#a": said, "#b": { clear: true, low: true } },
    });
    const shape = shapeOf([state({ clear: true, low: true, on: ["#b"] }), state({ held: true })]);
    expect(at(shape, "things").objectForm).toBe("collection");
    expect(at(shape, "things.*").atomic).toBe(false);
  });

  it("does not take a record for a thing that the lists of a map may have: their entries are known by the list", () => {
    const state = (n: number): Json => ({
      notes: { "#1": [thing(n, "a"), thing(n + 1, "b")], "#2": [thing(n + 2, "c")] },
    });
    expect(at(shapeOf([state(1), state(4)]), "notes.*").arrayForm).toBe("list");
  });

  it("has one version for the forms, whatever was counted, and reads them back", () => {
    const states = [{ orders: { "#W1": { status: "open" } } }, { orders: { "#W1": { status: "shut" } } }];
    const few = shapeOf(states);
    const many = shapeOf([...states, ...states, ...states]);
    expect(many.version()).toBe(few.version());
    expect(formsOf(nodeFromForms(formsOf(few.root)))).toEqual(formsOf(few.root));
    expect(shapeOf([{ orders: [1, 2] }]).version()).not.toBe(few.version());
  });

  describe("overridden", () => {
    const overridden = (overrides: ShapeOverrides, states: readonly Json[]): Shape => {
      const shape = createShape(overrides);
      for (const [at, state] of states.entries()) shape.observe(state, at === 0 ? null : (states[at - 1] ?? null));
      return shape;
    };

    it("reads arrays by the key it is told, though another field identifies too, and ids repeat", () => {
      const states = Array.from({ length: 6 }, (_, n) => ({
        things: [thing(n, "lamp"), thing(n, "pen"), thing(n, "mug")],
        others: [{ a: 1 }, { a: 1 }],
      }));
      expect(at(shapeOf(states), "things").key).toBe("name");
      const shape = overridden({ keyed: { "/things": "id", "/others": "a" } }, states);
      expect(at(shape, "things")).toMatchObject({ arrayForm: "keyed", key: "id" });
      expect(at(shape, "others")).toMatchObject({ arrayForm: "keyed", key: "a" });
    });

    it("takes for references and for data what it is told, at any depth", () => {
      const states = [{ prices: { pen: 1, mug: 2 }, rooms: { hall: { next: "garden" } }, owner: "Ann" }];
      expect(at(shapeOf(states), "prices").objectForm).toBe("record");
      const shape = overridden({ references: ["/rooms/*/next", "/owner"], data: ["/prices", "/**/rooms"] }, states);
      expect(at(shape, "prices").objectForm).toBe("map");
      expect(at(shape, "rooms").objectForm).toBe("collection");
      expect(at(shape, "rooms.*.next").reference).toBe(true);
      expect(at(shape, "owner").reference).toBe(true);
    });

    it("has another version, and holds for a shape that was kept under others", () => {
      const states = [{ things: [thing(1, "lamp"), thing(2, "pen")] }, { things: [thing(2, "pen"), thing(1, "lamp")] }];
      const [plain, byName] = [overridden({}, states), overridden({ keyed: { "/things": "name" } }, states)];
      expect(byName.version()).not.toBe(plain.version());
      const kept = nodeFromText(JSON.stringify(nodeToJson(plain.root)));
      const restored = createShape({ keyed: { "/things": "name" } }, undefined, kept, plain.revision);
      restored.observe({ things: [thing(3, "cup"), thing(2, "pen")] }, null);
      expect(restored.root.fields.get("things")).toMatchObject({ arrayForm: "keyed", key: "name" });
      expect(restored.takeChanged()).toEqual(["things"]);
    });

    it("refuses what is no pointer", () => {
      expect(() => createShape({ references: ["owner"] })).toThrow(/owner/);
    });
  });

  it("is bounded however many keys come", () => {
    const shape = createShape({}, { nodesMax: 50, depthMax: 6 });
    for (let n = 0; n < 200; n++)
      shape.observe({ [`key${"x".repeat(n % 7)}${String.fromCharCode(97 + (n % 26))}${n}`]: { a: { b: n } } }, null);
    let nodes = 0;
    const count = (node: ShapeNode): void => {
      nodes += 1;
      for (const child of node.fields.values()) count(child);
      if (node.each !== null) count(node.each);
    };
    count(shape.root);
    expect(nodes).toBeLessThanOrEqual(51);
  });
});
