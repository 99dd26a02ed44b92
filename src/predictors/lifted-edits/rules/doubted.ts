/** What stays as it is although some votes were for a change, for explanations: a change that was missed is most often among it. */
import { greatest, vote } from "../../lifted/forest.ts";
import type { Expression } from "../expressions/expression.ts";
import { collectionOf, type Scene } from "../situation/scene.ts";
import type { Decision } from "./decide.ts";
import type { Rules } from "./engine.ts";
import { type Desk, rowsOf } from "./rows.ts";

/** Nothing is made of it: `share` of the votes is for that. */
export interface Doubted {
  readonly decision: Decision;
  /** What most of the other votes are for. */
  readonly instead: Expression;
}

/** Share of the votes that are for a change: less is nobody's doubt. */
const doubtMin = 0.05;
/** The likeliest to change say enough. */
const doubtedMax = 3;
const shares = new Float64Array(4_096);

/** The likeliest to change first. `desk`: begun with the scene. */
export function doubtedIn({ stages, reader }: Rules, stage: number, scene: Scene, desk: Desk): readonly Doubted[] {
  const models = stages[stage]?.models;
  const found: Doubted[] = [];
  for (const entity of scene.canon.entities) {
    const known = models?.of(collectionOf(entity));
    if (known === undefined) continue;
    for (const row of rowsOf(scene, reader.paths, entity, known)) {
      const model = known.get(row.lifted);
      const [expression] = model?.expressions ?? [];
      if (model === undefined || expression?.[0] !== "keep") continue;
      desk.atRow(scene, row);
      const label = vote(model.forest, desk.sets, shares);
      const share = shares[0] ?? 1;
      if (label !== 0 || share > 1 - doubtMin) continue;
      shares[0] = 0;
      const instead = model.expressions[greatest(shares, model.expressions.length)] ?? expression;
      found.push({ decision: { ...row, ...nothing, key: model.key, expression, share }, instead });
    }
  }
  return found.sort((a, b) => a.decision.share - b.decision.share).slice(0, doubtedMax);
}

const nothing = { value: undefined, births: [], parts: [], copies: [], support: 0, isPinned: false };
