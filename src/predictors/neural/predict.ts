/** Predictions from a model: batches of about equal length, greedy answers, checked and with a calibrated confidence. */
import { canonicalText } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import { tryPatch } from "../../json/patch.ts";
import { calibrated } from "../lifted/calibration.ts";
import type { NextState, Prediction } from "../predictor.ts";
import type { RemoteSituation } from "../remote.ts";
import type { Tensors } from "../tensor/tensors.ts";
import { type Encoded, encodeSource } from "./encode.ts";
import type { LoadedModel } from "./file.ts";
import { type Answer, generate } from "./generate.ts";
import { batchMax, openGenerator, scoreOf } from "./generator.ts";
import { readPatch } from "./patch-text.ts";
import { sourceOf } from "./source.ts";

export interface Engine {
  predict(situations: readonly RemoteSituation[], signal?: AbortSignal): Promise<readonly Prediction[]>;
  close(): void;
}

export function createEngine(
  model: LoadedModel,
  tensors: Pick<Tensors, "tf" | "read">,
  dropped: (steps: number) => void,
): Engine {
  const { config, vocabulary } = model;
  const generator = openGenerator(model.weights, config, vocabulary, model.specs, tensors);
  const known = new Set(model.environments.map(({ name, kind }) => JSON.stringify([name, kind])));
  const curve = Float64Array.from(model.calibration);

  function read_(situation: RemoteSituation): Encoded | Prediction {
    if (!known.has(JSON.stringify([situation.environment, situation.kind])))
      return { status: "abstained", reason: "untrained" };
    const source = sourceOf(situation, config);
    if (source === null) return { status: "abstained", reason: "too-long" };
    if (source.stepsDropped > 0) dropped(source.stepsDropped);
    return encodeSource(source, vocabulary);
  }

  function predictionOf(situation: RemoteSituation, answer: Answer): Prediction {
    if (answer.text === null)
      return { status: "failed", reason: `the answer did not end within ${config.outputMax} tokens` };
    const next =
      situation.kind === "state" ? patchOf(answer.text, situation.state) : stateOf(answer.text, situation.state);
    if (typeof next === "string") return { status: "failed", reason: next };
    return {
      status: "answered",
      next,
      confidence: calibrated(curve, scoreOf(answer.logProbability)),
    };
  }

  return {
    async predict(situations, signal) {
      const predictions: (Prediction | undefined)[] = new Array(situations.length);
      const waiting: { readonly at: number; readonly situation: RemoteSituation; readonly encoded: Encoded }[] = [];
      for (const [at, situation] of situations.entries()) {
        const encoded = read_(situation);
        if ("status" in encoded) predictions[at] = encoded;
        else waiting.push({ at, situation, encoded });
      }
      waiting.sort((a, b) => a.encoded.length - b.encoded.length || a.at - b.at);
      for (let from = 0; from < waiting.length; from += batchMax) {
        const batch = waiting.slice(from, from + batchMax);
        const answers = await generate(
          generator,
          batch.map((one) => one.encoded),
          signal,
        );
        if (answers === null) break;
        for (const [row, { at, situation }] of batch.entries()) {
          const answer = answers[row];
          if (answer !== undefined) predictions[at] = predictionOf(situation, answer);
        }
      }
      return Array.from(predictions, (one): Prediction => one ?? { status: "failed", reason: "deadline" });
    },
    close: generator.close,
  };
}

/** Words where the state is text, JSON where it is something else; a text says what is wrong. */
function stateOf(text: string, before: Json): NextState | string {
  if (typeof before === "string") return { form: "state", stateText: canonicalText(text) };
  const value = parse(text);
  return value === undefined ? "the answer is no JSON" : { form: "state", stateText: canonicalText(value) };
}

function patchOf(text: string, state: Json): NextState | string {
  const patch = readPatch(text);
  if (patch === null) return "the answer is no patch";
  if (patch.length > 0 && !tryPatch(state, patch).ok) return "the patch does not fit the state";
  return { form: "patch", patch };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
