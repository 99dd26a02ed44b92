/** Alarms: since when, how much, why, with the numbers behind it and wrong predictions of that time; an operator's answers. */
import { useState } from "preact/hooks";
import { isReferenceName, liveName } from "../codec/reference-name.ts";
import type { AlarmView, BaselineView, EnvironmentView, ExampleView, MovedView } from "../serve/views.ts";
import { Example } from "./examples.tsx";
import { count, percent, span } from "./format.ts";
import { type Lists, sendCommand, useList } from "./source.ts";

const causeWords: Readonly<Record<string, string>> = {
  model: "the world answers otherwise than it did",
  "action-mix": "agents act otherwise: other actions, or other shares of them",
  schema: "states or actions have another form",
  "agent-version": "other agents act, or the known ones in other shares",
  context: "situations that were not learnt from have become more frequent",
};
const examplesMax = 3;
const pickExamples = (body: Lists) => body.examples ?? [];

interface Props {
  readonly environments: readonly EnvironmentView[];
  readonly now: number;
}

/** Nothing while nothing is watched. */
export function Alarms({ environments, now }: Props) {
  const alarms = environments.flatMap((one) => one.alarms);
  const open = alarms.filter(({ status }) => status !== "recovered");
  const recovered = alarms.filter(({ status }) => status === "recovered");
  const baselines = environments.flatMap((one) => one.baselines);
  if (alarms.length === 0 && baselines.length === 0) return null;
  return (
    <section aria-labelledby="alarms-title" data-testid="alarms">
      <h2 id="alarms-title">Drift of the references</h2>
      {open.length === 0 && (
        <p class="card" data-testid="no-alarms">
          {baselines.some(({ mature }) => mature)
            ? "No alarm is open."
            : "No alarm can be raised yet: every baseline is immature."}
        </p>
      )}
      {open.map((alarm) => (
        <AlarmCard key={alarm.id} alarm={alarm} now={now} />
      ))}
      {recovered.length > 0 && (
        <details>
          <summary>{count(recovered.length)} recovered</summary>
          {recovered.map((alarm) => (
            <p key={alarm.id} class="quiet" data-testid="recovered">
              {alarm.environment} · {alarm.predictor} · {alarm.cause} since {new Date(alarm.since).toLocaleString()}:{" "}
              {alarm.evidence.recovered}
            </p>
          ))}
        </details>
      )}
      <Baselines baselines={baselines} />
    </section>
  );
}

function AlarmCard({ alarm, now }: { readonly alarm: AlarmView; readonly now: number }) {
  const { environment, predictor, cause, since, status, evidence } = alarm;
  return (
    <article class="card alarm" data-testid={`alarm-${environment}-${predictor}`}>
      <p>
        <b class="bad">{cause}</b> · {environment} · {predictor}{" "}
        <small class="tag">{status === "open" ? "open" : "acknowledged"}</small>
      </p>
      <p>
        The error rose from {percent(evidence.steps.before)} to {percent(evidence.steps.after)}, since{" "}
        {new Date(since).toLocaleString()} ({span(now - since)} ago): {causeWords[cause] ?? cause}.
      </p>
      {evidence.acknowledged !== undefined && (
        <p class="quiet">
          Acknowledged by {evidence.acknowledged.author}
          {evidence.acknowledged.note === null ? "" : `: ${evidence.acknowledged.note}`}.
        </p>
      )}
      <Answers alarm={alarm} />
      <details data-testid="evidence">
        <summary>evidence</summary>
        <EvidenceTable alarm={alarm} />
      </details>
      <AlarmExamples environment={environment} predictor={predictor} since={since} />
    </article>
  );
}

/** What is asked for stays the server's business: it answers with what it has done, or why not. */
function Answers({ alarm: { environment, predictor, id, status } }: { readonly alarm: AlarmView }) {
  const [note, setNote] = useState("");
  const [said, setSaid] = useState("");
  const ask = (body: object) =>
    void sendCommand({ ...body, environment, author: "page", note: note === "" ? null : note }).then(setSaid);
  return (
    <p class="chooser">
      <input
        type="text"
        placeholder="why (kept with the command)"
        aria-label="why"
        maxLength={200}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      {status === "open" && (
        <button type="button" data-testid="acknowledge" onClick={() => ask({ command: "acknowledge", alarm: id })}>
          Acknowledge
        </button>
      )}
      <button
        type="button"
        data-testid="rebaseline"
        title="This is how things are now: another baseline begins with what came since"
        onClick={() => ask({ command: "rebaseline", predictor })}
      >
        Accept as usual
      </button>
      {isReferenceName(predictor) && (
        <button
          type="button"
          data-testid="pin"
          title="The newest version, which has learnt from what came since, becomes the reference"
          onClick={() => ask({ command: "pin", predictor: liveName(predictor) })}
        >
          Pin the newest version
        </button>
      )}
      <span class="quiet" role="status">
        {said}
      </span>
    </p>
  );
}

function EvidenceTable({ alarm: { evidence, detector } }: { readonly alarm: AlarmView }) {
  const { effects, baseline, since, reweighted, actions, fields, actionMix, agentMix, schema } = evidence;
  return (
    <>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th>cause</th>
              <th title="points of the rise that it explains">explains</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(effects)
              .sort((a, b) => b[1] - a[1])
              .map(([name, effect]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{(effect * 100).toFixed(1)} points</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        {detector} · baseline of {count(baseline.episodes)} episode means: {percent(baseline.mean)}, bound{" "}
        {percent(baseline.upper)} · since: {count(since.episodes)} episode means, {percent(since.mean)}
        {reweighted === null ? "" : ` · error at the baseline's mix of actions: ${percent(reweighted)}`}
      </p>
      <MovedList title="Actions whose error moved most" moved={actions} />
      <MovedList title="Fields that are wrong more often" moved={fields} />
      <MovedList
        title={`Shares of actions that moved (chi-square p ${actionMix.p.toPrecision(2)})`}
        moved={actionMix.moved}
      />
      <MovedList
        title={`Shares of agents that moved (chi-square p ${agentMix.p.toPrecision(2)})`}
        moved={agentMix.moved}
      />
      {schema.length > 0 && (
        <ul data-testid="schema-news">
          {schema.map(({ kind, place, episodes }) => (
            <li key={`${kind} ${place}`}>
              {kind}: <code>{place}</code> <span class="quiet">in {count(episodes)} episodes</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function MovedList({ title, moved }: { readonly title: string; readonly moved: readonly MovedView[] }) {
  if (moved.length === 0) return null;
  return (
    <p>
      {title}:{" "}
      {moved.map(({ name, before, after }, at) => (
        <span key={name}>
          {at > 0 && ", "}
          <code>{name}</code> {percent(before)} → {percent(after)}
        </span>
      ))}
    </p>
  );
}

/** Wrong predictions of the reference since the alarm's beginning. */
function AlarmExamples({ environment, predictor, since }: Pick<AlarmView, "environment" | "predictor" | "since">) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details data-testid="alarm-examples" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>wrong predictions since</summary>
      {isOpen && <ExampleList environment={environment} predictor={predictor} since={since} />}
    </details>
  );
}

function ExampleList({ environment, predictor, since }: Pick<AlarmView, "environment" | "predictor" | "since">) {
  const query = new URLSearchParams({ environment, predictor, max: "50" });
  const all = useList<ExampleView>(`api/examples?${query}`, pickExamples);
  const shown = (all ?? []).filter(({ time }) => time >= since).slice(0, examplesMax);
  if (shown.length === 0) return <p class="quiet">{all === null ? "Loading …" : "None is remembered."}</p>;
  return (
    <>
      {shown.map((one) => (
        <Example key={`${one.episode} ${one.step}`} view={one} />
      ))}
    </>
  );
}

/** More of them would push the accuracy off the screen. */
const baselinesMax = 6;

function Baselines({ baselines }: { readonly baselines: readonly BaselineView[] }) {
  if (baselines.length <= baselinesMax) return <BaselineLines baselines={baselines} />;
  const mature = baselines.filter((one) => one.mature).length;
  return (
    <details data-testid="baselines">
      <summary>
        {count(baselines.length)} baselines, {count(baselines.length - mature)} of them immature
      </summary>
      <BaselineLines baselines={baselines} />
    </details>
  );
}

function BaselineLines({ baselines }: { readonly baselines: readonly BaselineView[] }) {
  return (
    <>
      {baselines.map((one) => (
        <p
          class="quiet"
          key={`${one.environment} ${one.predictor}`}
          data-testid={`baseline-${one.environment}-${one.predictor}`}
        >
          {one.environment} · {one.predictor}:{" "}
          {one.mature
            ? `baseline of ${count(one.episodes)} episodes, error ${percent(one.mean)} (bound ${percent(one.upper)}), evidence of drift ${evidence(one)}`
            : `baseline immature, ${count(one.episodes)} of ${count(one.episodesWanted)} episodes: no alarm yet`}
          {one.author === null ? "" : `; renewed by ${one.author}${one.note === null ? "" : ` (${one.note})`}`}
        </p>
      ))}
    </>
  );
}

function evidence({ logEvalue, limit }: BaselineView): string {
  return logEvalue === null || limit === null ? "–" : `${Math.max(0, logEvalue).toFixed(1)} of ${limit.toFixed(1)}`;
}
