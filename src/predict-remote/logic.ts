/**
 * One partition of `situations` for one predictor. `prepare` asks, and takes as many records as were answered; the fold writes the answers
 * into the partition of `interactions` that the situations came from. It remembers nothing: what is not answered when its process dies is
 * asked again by the next owner, and `track` takes the first answer (P4).
 */
import { answerId } from "../codec/answer-id.ts";
import { blankInteraction } from "../codec/blank-interaction.ts";
import { CodecError, codecs } from "../codec/codecs.ts";
import type { Interaction, SituationModel, SituationRecord } from "../codec/records.ts";
import { referenceName } from "../codec/reference-name.ts";
import { canonicalText } from "../json/canonical.ts";
import type { LogRecord } from "../log/port.ts";
import type { Prediction } from "../predictors/predictor.ts";
import { situationOfRecord } from "../predictors/situation.ts";
import { deadLetterOf } from "../run/dead-letter.ts";
import type { Emit, StageTask } from "../run/stage.ts";
import type { Answer, Asked, Batcher } from "./batcher.ts";
import type { RemoteCounts } from "./metrics.ts";
import { isFor, type RemoteSetup } from "./setups.ts";

/** What became of a record before it is folded. */
type Taken =
  | { readonly form: "dead"; readonly message: string }
  /** Another predictor's. */
  | { readonly form: "passed" }
  | {
      readonly form: "asked";
      readonly situation: SituationRecord;
      readonly asked: Asked;
      answer: Answer | null;
      /** Of the pinned version, where there is one. */
      readonly reference: Asked | null;
      referenceAnswer: Answer | null;
    };

export interface RemoteTaskDeps {
  readonly setup: Pick<RemoteSetup, "name" | "environments" | "batching">;
  readonly batcher: Batcher;
  /** Epoch ms. */
  readonly now: () => number;
  readonly counts: RemoteCounts;
}

export function createRemoteTask({ setup, batcher, now, counts }: RemoteTaskDeps): StageTask {
  const { name, batching } = setup;
  // So many at one time keep all calls busy; with more, the first answers would wait for the last.
  const askedMax = batching.max * batching.concurrency;
  const taken = new Map<LogRecord, Taken>();
  let streamTime = 0;
  let beats = 0;
  let hurried = false;
  let hurry: () => void = () => {};
  const hurrying = new Promise<void>((resolve) => {
    hurry = resolve;
  });

  function take(record: LogRecord): Taken {
    let situation: SituationRecord;
    try {
      situation = codecs.situation.decode(record.value ?? new Uint8Array());
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return { form: "dead", message: error.message };
    }
    if (!isAsked(setup, situation)) return { form: "passed" };
    const late: Asked = { answer: Promise.resolve({ form: "late" }), withdraw() {} };
    // An answer is appended at the log's time, which no clock of ours is behind.
    const isLate = situation.deadline < Math.max(now(), streamTime) + batcher.expectedMs();
    const [live, pinned] = [modelOf(situation, name), modelOf(situation, referenceName(name))];
    const ask = (model: SituationModel | null) => batcher.ask(situationOfRecord(situation), situation.deadline, model);
    const asked = isLate ? late : ask(live);
    // One that is pinned and live is asked once.
    const reference = pinned === null || isLate ? null : pinned.version === live?.version ? asked : ask(pinned);
    const answer: Answer | null = isLate ? { form: "late" } : null;
    return { form: "asked", situation, asked, answer, reference, referenceAnswer: null };
  }

  function write(predictor: string, answer: Answer, situation: SituationRecord, emit: Emit): void {
    counts.answered(answer, predictor);
    if (answer.form === "late") return;
    const event = eventOf(situation, predictor, answer.prediction, answer.version);
    emit.record("interactions", situation.episode, codecs.interaction.encode(event), situation.source.partition);
  }

  async function untilAnswered(all: readonly Taken[]): Promise<void> {
    const answers = all.map(async (one) => {
      if (one.form !== "asked" || one.answer !== null) return;
      const [answer, ofReference] = await Promise.all([one.asked.answer, one.reference?.answer ?? null]);
      one.answer = answer;
      one.referenceAnswer = ofReference;
    });
    await Promise.race([Promise.all(answers), hurrying]);
  }

  return {
    async prepare(records) {
      taken.clear();
      const prefix: { readonly record: LogRecord; readonly it: Taken }[] = [];
      let open = 0;
      for (const record of records) {
        if (open >= askedMax || hurried) break;
        streamTime = Math.max(streamTime, record.timestamp);
        const it = take(record);
        if (it.form === "asked" && it.answer === null) open += 1;
        prefix.push({ record, it });
      }
      await untilAnswered(prefix.map(({ it }) => it));
      const unanswered = prefix.findIndex(({ it }) => it.form === "asked" && it.answer === null);
      const done = unanswered < 0 ? prefix : prefix.slice(0, unanswered);
      for (const { it } of prefix) {
        if (it.form !== "asked" || it.answer !== null) continue;
        it.asked.withdraw();
        it.reference?.withdraw();
      }
      for (const { record, it } of done) taken.set(record, it);
      return done.length;
    },
    fold(record, emit) {
      const it = taken.get(record);
      taken.delete(record);
      if (it === undefined || it.form === "passed") return;
      if (it.form === "dead") {
        counts.dead();
        return emit.record(
          "dead-letters",
          record.key,
          codecs.deadLetter.encode(
            deadLetterOf(record, { stage: "predict", reason: "undecodable", message: it.message }),
          ),
        );
      }
      const { answer, referenceAnswer, situation } = it;
      if (answer === null) throw new Error("a situation was folded before it was answered");
      write(name, answer, situation, emit);
      if (referenceAnswer !== null) write(referenceName(name), referenceAnswer, situation, emit);
    },
    *snapshot() {},
    async restore() {},
    storeBytes: () => 0,
    // While calls run, each under its own timeout, it does not stand still.
    progress: () => (batcher.calls() > 0 ? ++beats : beats),
    hurry() {
      hurried = true;
      hurry();
    },
    committed: () => counts.commit(),
  };
}

function isAsked(setup: Pick<RemoteSetup, "name" | "environments">, situation: SituationRecord): boolean {
  const { environment, predictors } = situation;
  return isFor(setup, environment) && (predictors.length === 0 || predictors.includes(setup.name));
}

function modelOf({ models }: SituationRecord, predictor: string): SituationModel | null {
  return models.find((one) => one.predictor === predictor) ?? null;
}

function eventOf(
  { source, episode, step }: Pick<SituationRecord, "source" | "episode" | "step">,
  predictor: string,
  prediction: Prediction,
  version: string,
): Interaction {
  const event: Interaction = {
    ...blankInteraction,
    type: "prediction",
    id: answerId(source, predictor),
    episode,
    step,
    predictor,
    model: version.slice(0, 256),
  };
  if (prediction.status !== "answered")
    return { ...event, status: prediction.status, reason: prediction.reason.slice(0, 200).toWellFormed() };
  const { next, confidence } = prediction;
  return next.form === "state"
    ? { ...event, confidence, state: next.stateText }
    : { ...event, confidence, patch: canonicalText(next.patch.map((operation) => ({ ...operation }))) };
}
