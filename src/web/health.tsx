/** Is it healthy now, and what flows: one line of verdict, then throughput, lag and totals. */
import type { LiveView } from "../serve/views.ts";
import { count, rate, span } from "./format.ts";

interface Props {
  readonly live: LiveView | null;
  readonly lostSince: number | null;
  readonly now: number;
}

/** Records that may wait before the verdict says so. */
const lagSaid = 1_000;

export function Health({ live, lostSince, now }: Props) {
  const { mood, text } = verdict(live, lostSince, now);
  const lag = live === null ? 0 : Math.max(0, ...live.lag.map(({ records }) => records));
  return (
    <section class="card health" aria-label="health">
      <p class={`verdict ${mood}`} data-testid="health" role="status">
        {text}
      </p>
      {live !== null && (
        <dl class="figures">
          <Figure name="interactions / s" value={rate(live.perSecond.interactions)} />
          <Figure name="transitions / s" value={rate(live.perSecond.transitions)} />
          <Figure
            name="lag, records"
            value={count(lag)}
            title={live.lag.map((one) => `${one.group} on ${one.topic}: ${one.records}`).join("\n")}
          />
          <Figure name="interactions" value={count(live.totals.interactions)} />
          <Figure name="transitions" value={count(live.totals.transitions)} />
          <Figure name="episodes ended" value={count(live.totals.outcomes)} />
          <Figure name="dead letters" value={count(live.totals.deadLetters)} bad={live.totals.deadLetters > 0} />
        </dl>
      )}
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
  readonly bad?: boolean;
}

function Figure({ name, value, title = "", bad = false }: FigureProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd class={bad ? "bad" : ""}>{value}</dd>
    </div>
  );
}

function verdict(live: LiveView | null, lostSince: number | null, now: number) {
  if (lostSince !== null) {
    return {
      mood: "bad",
      text: `No connection for ${span(now - lostSince)}: is Driftline running? What you see below is old.`,
    };
  }
  if (live === null) return { mood: "busy", text: "Connecting …" };
  if (live.phase === "failed")
    return { mood: "bad", text: "Failed: it cannot go on. Its log says why; /readyz says where." };
  if (live.catchUp !== null) {
    const { done, total } = live.catchUp;
    return { mood: "busy", text: `Catching up after a restart: ${count(done)} of ${count(total)} records.` };
  }
  if (!live.ready) return { mood: "busy", text: `Not ready: ${live.phase}.` };
  const lag = Math.max(0, ...live.lag.map(({ records }) => records));
  if (lag > lagSaid) return { mood: "busy", text: `Running, ${count(lag)} records behind.` };
  return { mood: "good", text: `Healthy: running for ${span(now - live.startedAt)}, nothing waits.` };
}
