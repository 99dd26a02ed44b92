/** From finished steps and ended episodes to records: the sink of pairing. Pure but for the latencies of inline predictions (T5). */
import type { Kind, ScoreEntry } from "../codec/records.ts";
import { isReferenceName } from "../codec/reference-name.ts";
import { canonicalText } from "../json/canonical.ts";
import type { JsonText, Patch } from "../json/json.ts";
import { actionFormOf, actionName } from "./action-form.ts";
import type { Event } from "./decode/logic.ts";
import { comparisonRulesOf, environmentOf } from "./environment.ts";
import type { TrackOptions } from "./options.ts";
import { type Episode, nothingPredicted, type Recent } from "./pair/episode.ts";
import type { Completed, Sink } from "./pair/sink.ts";
import { createStrict } from "./pair/strict.ts";
import type { BestOf } from "./predict/best-of.ts";
import { baselineOf, type Inline } from "./predict/logic.ts";
import { predictionIn } from "./predict/recorded.ts";
import { historyFor, type Remote } from "./predict/remote.ts";
import { type Comparison, compileComparison } from "./score/comparison.ts";
import { absentEntry, isWrong, scoreEntry } from "./score/entries.ts";
import { hashUnderRules, isDynamic, prepareTruth, situationHash, type Truth, type Valued } from "./score/logic.ts";
import { shapeOfStep } from "./score/shape.ts";
import { shownExample } from "./score/shown.ts";
import type { Writer } from "./writer.ts";

export interface Steps extends Sink {
  prepareTruth(environment: string, kind: Kind, state: Valued, next: Valued): Truth;
}

export function createSteps(
  options: TrackOptions,
  inline: Inline,
  writer: Writer,
  remote: Remote,
  bestOf: Pick<BestOf, "entry"> | null,
  streamTime: () => number,
): Steps {
  const comparisonOf = createComparisons(options);

  function truthOf(environment: string, kind: Kind, state: Valued, next: Valued): Truth {
    return prepareTruth(comparisonOf(environment, kind), kind, state, next);
  }

  function writeTransition(episode: Episode, completed: Completed): void {
    const { event, pending, state } = completed;
    const { interaction } = event;
    writer.transition({
      environment: episode.environment,
      kind: episode.kind,
      episode: episode.id,
      step: pending.step,
      task: episode.task,
      agent: episode.agent,
      arm: episode.arm,
      worldModel: episode.worldModel,
      plan: episode.plan,
      time: timeOf(event),
      appendedAt: event.record.timestamp,
      quality: completed.quality,
      flags: completed.flags,
      state: state?.text ?? null,
      action: pending.action.text,
      nextState: completed.next.text,
      patch: patchText(completed.patch),
      intermediatePatch: patchText(completed.intermediatePatch),
      context: episode.steps === 0 ? (episode.context?.text ?? null) : null,
      reward: interaction.reward,
      done: interaction.done,
      trace: interaction.trace ?? pending.trace,
      meta: interaction.meta ?? pending.meta,
    });
  }

  function writeScore(episode: Episode, step: StepScore, entries: readonly ScoreEntry[]): void {
    const { truth } = step;
    const wrong = entries.some((entry) => entry.prediction !== null);
    writer.score(
      {
        environment: episode.environment,
        kind: episode.kind,
        episode: episode.id,
        step: step.step,
        time: step.time,
        appendedAt: step.appendedAt,
        arm: episode.arm,
        quality: step.quality,
        first: step.first,
        actionName: actionName(step.action.value),
        dynamic: truth !== null && isDynamic(truth),
        comparison: truth?.comparison.hash ?? "",
        situation:
          truth === null ? "" : situationHash(truth.state, step.action.text, episode.context, truth.comparison),
        truth: truth === null ? "" : hashUnderRules(truth.next, truth.comparison),
        baseline: baselineOf(episode.kind),
        entries,
        example: wrong && truth !== null ? shownExample(truth, step.action.text, options.shownBytesMax) : null,
        agent: episode.agent,
        shape: step.first ? shapeOfStep(truth, step.action.value, episode.scored <= 1) : null,
      },
      step.trace,
    );
    for (const entry of entries) tally(episode, entry);
  }

  function writeFurther(episode: Episode, recent: Recent, entry: ScoreEntry): void {
    const { step, time, appendedAt, action, truth } = recent;
    writeScore(episode, { step, time, appendedAt, action, trace: null, truth, quality: "ok", first: false }, [entry]);
  }

  return {
    kindOf: (environment) => environmentOf(options, environment)?.kind ?? null,
    strange: createStrict((environment) => environmentOf(options, environment)?.places),
    ownRemote: remote.own,
    historySteps: (environment, kind) => Math.max(inline.historySteps(kind), remote.historySteps(environment)),
    prepareTruth: truthOf,
    predict(episode, step, action) {
      const { state } = episode;
      if (state === null) return nothingPredicted;
      const { asked, models, unasked } = remote.ask(episode, step, streamTime());
      for (const name of unasked) writer.count((counts) => counts.unasked(name));
      const names = asked.map(({ name }) => name);
      const references = models.map(({ predictor }) => predictor).filter(isReferenceName);
      if (asked.length > 0) {
        writer.situation({
          environment: episode.environment,
          kind: episode.kind,
          episode: episode.id,
          step,
          time: episode.time,
          state: state.text,
          action: action.text,
          context: episode.context?.text ?? null,
          history: historyFor(asked, episode.history, options.historyCharsMax).map(({ stateText, actionText }) => ({
            state: stateText,
            action: actionText,
          })),
          task: episode.task,
          arm: episode.arm,
          models,
          deadline: streamTime() + options.predictDeadlineMs,
          predictors: names,
        });
      }
      return { answers: inline.predict(episode, step, state, action), asked: [...names, ...references] };
    },
    completed(episode, completed) {
      const { pending, event, state, quality } = completed;
      writeTransition(episode, completed);
      const truth =
        quality === "ok" && state !== null ? truthOf(episode.environment, episode.kind, state, completed.next) : null;
      const entries: ScoreEntry[] = [];
      if (truth !== null) {
        episode.scored += 1;
        for (const answer of pending.answers)
          entries.push(scoreEntry(truth, { ...answer, ahead: true }, options.shownBytesMax));
        for (const one of completed.predictions) entries.push(externalEntry(truth, one, true, options.shownBytesMax));
        const form = () => actionFormOf(pending.action.value, episode.kind, truth.state.value);
        const best = bestOf?.entry(episode.environment, form, entries, episode.arm !== "world_model");
        if (best !== null && best !== undefined) entries.push(best);
      }
      const step = {
        step: pending.step,
        time: timeOf(event),
        appendedAt: event.record.timestamp,
        action: pending.action,
        trace: event.interaction.trace ?? pending.trace,
      };
      writeScore(episode, { ...step, truth, quality, first: true }, entries);
      return truth;
    },
    later(episode, recent, event) {
      if (recent.truth !== null)
        writeFurther(episode, recent, externalEntry(recent.truth, event, false, options.shownBytesMax));
    },
    unanswered: (episode, recent, predictor, status) => writeFurther(episode, recent, absentEntry(predictor, status)),
    closed(episode) {
      const { interaction } = episode.ending ?? { interaction: null };
      writer.outcome({
        environment: episode.environment,
        episode: episode.id,
        task: episode.task,
        agent: episode.agent,
        arm: episode.arm,
        worldModel: episode.worldModel,
        plan: episode.plan,
        time: episode.time,
        startedAt: episode.startedAt,
        ending: episode.closed ?? "abandoned",
        success: interaction?.success ?? null,
        reward: interaction?.reward ?? episode.reward,
        reason: interaction?.reason ?? null,
        steps: episode.steps,
        scored: episode.scored,
        predictors: [...episode.tallies].map(([predictor, { steps, wrong }]) => ({ predictor, steps, wrong })),
      });
    },
    drop: (reason, environment) => writer.count((metrics) => metrics.drop(environment, reason)),
    dead(reason, message, event) {
      const { environment, episode } = event.interaction;
      writer.dead({ record: event.record, stage: "pair", reason, message, environment, episode });
    },
  };
}

interface StepScore {
  readonly step: number;
  readonly time: number;
  readonly appendedAt: number;
  readonly action: Valued;
  readonly trace: string | null;
  readonly truth: Truth | null;
  readonly quality: Completed["quality"];
  readonly first: boolean;
}

function externalEntry(truth: Truth, event: Event, ahead: boolean, shownBytesMax: number): ScoreEntry {
  const { predictor, model } = event.interaction;
  const prediction = predictionIn(event);
  return scoreEntry(
    truth,
    { predictor: predictor ?? "", version: model ?? "unversioned", prediction, ahead, seconds: null },
    shownBytesMax,
  );
}

function tally(episode: Episode, entry: ScoreEntry): void {
  if (entry.status === "missing") return;
  const known = episode.tallies.get(entry.predictor) ?? { steps: 0, wrong: 0 };
  known.steps += 1;
  if (isWrong(entry)) known.wrong += 1;
  episode.tallies.set(entry.predictor, known);
}

/** One comparison per configured environment and kind; all others share one per kind. */
function createComparisons(options: TrackOptions): (environment: string, kind: Kind) => Comparison {
  const compiled = new Map<string, Comparison>();
  return (environment, kind) => {
    const rules = comparisonRulesOf(options, environment);
    const key = rules === null ? kind : `${kind} ${environment}`;
    const known = compiled.get(key) ?? compileComparison(rules ?? {}, kind);
    compiled.set(key, known);
    return known;
  };
}

function timeOf(event: Event): number {
  return event.interaction.time ?? event.record.timestamp;
}

function patchText(patch: Patch | null): JsonText | null {
  return patch === null ? null : canonicalText(patch.map((operation) => ({ ...operation })));
}
