/**
 * The shape of an environment's states, found from states and from what actions name in them, incrementally: which arrays are keyed by which field, which objects are maps
 * of records, which path segments are data, which strings name entities, what changes. Bounded (places, depth, fields) and versioned by
 * content: two shapes with the same version read every state alike.
 */
import { canonicalText } from "../canonical.ts";
import { hash16 } from "../hash.ts";
import type { Json } from "../json.ts";
import { address } from "./address.ts";
import { createNode, type ShapeNode } from "./node.ts";
import { type Observation, observe, observeChange, revise, type ShapeLimits } from "./observe.ts";
import { compileOverrides, type ForcedAt, type ShapeOverrides } from "./overrides.ts";
import { countReferences, namesOf, type Walked } from "./references.ts";
import { formsOf } from "./serialise.ts";
import { settle } from "./settle.ts";

export { childNode, isGridNode, type ShapeNode } from "./node.ts";
export type { ShapeLimits } from "./observe.ts";

/** Enough for any world we know; a state with more places is read with its deeper parts as whole values. */
const shapeLimits: ShapeLimits = { nodesMax: 4_096, depthMax: 12 };

export interface Shape {
  readonly root: ShapeNode;
  /** Grows when a place is read in another way than before. */
  readonly revision: number;
  /** The places that are read in another way since this was last asked. */
  takeChanged(): readonly string[];
  /** Learns from a state; `before` is the state it followed, where known. */
  observe(state: Json, before: Json | null): void;
  /** Learns from what an action named in a state: keys that are named are data. */
  address(state: Json, names: ReadonlySet<string>): void;
  /** Hash of how every place is read. */
  version(): string;
  /** Forgets which subtrees were counted, as a shape restored from its counts has forgotten. */
  forgetCounted(): void;
}

/** `overrides` win over what is counted; they hold for a restored shape too, whatever held when it was kept. */
export function createShape(
  overrides: ShapeOverrides = {},
  limits: ShapeLimits = shapeLimits,
  root: ShapeNode = createNode("", 0),
  revision = 0,
): Shape {
  const forcedAt = compileOverrides(overrides);
  const observation: Observation = {
    limits,
    forcedAt,
    counted: new WeakSet(),
    nodes: countNodes(root),
    revision,
    changed: [],
  };
  force(root, forcedAt);
  let walked: Walked = { counted: new WeakSet(), plain: new WeakSet() };
  let walkedAt = observation.revision;
  const changed = (node: ShapeNode) => revise(observation, node);

  return {
    root,
    get revision() {
      return observation.revision;
    },
    observe(state, before) {
      observe(state, root, observation);
      if (before !== null) observeChange(before, state, root, observation);
      settle(root, changed);
      // Read in another way, what held no list may hold one.
      if (walkedAt !== observation.revision) walked = { counted: walked.counted, plain: new WeakSet() };
      walkedAt = observation.revision;
      countReferences(state, root, namesOf(state, root), walked);
      settle(root, changed);
    },
    address(state, names) {
      if (names.size > 0) address(state, root, names);
    },
    takeChanged() {
      const places = observation.changed;
      observation.changed = [];
      return places;
    },
    version: () => hash16(canonicalText(formsOf(root))),
    forgetCounted() {
      observation.counted = new WeakSet();
      walked = { counted: new WeakSet(), plain: new WeakSet() };
    },
  };
}

function force(node: ShapeNode, forcedAt: ForcedAt): void {
  node.forced = forcedAt(node.segments);
  for (const child of node.fields.values()) force(child, forcedAt);
  if (node.each !== null) force(node.each, forcedAt);
}

function countNodes(node: ShapeNode): number {
  let count = 1;
  for (const child of node.fields.values()) count += countNodes(child);
  return node.each === null ? count : count + countNodes(node.each);
}
