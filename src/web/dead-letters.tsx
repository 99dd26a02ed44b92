/** Records that could not be used: how many, why, how to mend it, and the newest. */
import type { DeadLetterView, LiveView } from "../serve/views.ts";
import { count } from "./format.ts";
import { type Lists, useList } from "./source.ts";

const pickLetters = (body: Lists) => body.deadLetters ?? [];

export function DeadLetters({ counts }: { readonly counts: LiveView["deadLetters"] }) {
  const letters = useList("api/dead-letters?max=10", pickLetters);
  return (
    <section aria-labelledby="letters-title" data-testid="dead-letters">
      <h2 id="letters-title">Dead letters</h2>
      <div class="card">
        {counts.length === 0 ? (
          <p class="quiet">None: every record could be used.</p>
        ) : (
          <div class="wide">
            <table>
              <thead>
                <tr>
                  <th>reason</th>
                  <th>count</th>
                  <th>what to do</th>
                </tr>
              </thead>
              <tbody>
                {counts.map(({ reason, count: number, mend }) => (
                  <tr key={reason}>
                    <th scope="row">{reason}</th>
                    <td>{count(number)}</td>
                    <td>{mend}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {(letters ?? []).map((letter) => (
          <Letter key={`${letter.partition}:${letter.offset}`} view={letter} />
        ))}
      </div>
    </section>
  );
}

function Letter({ view }: { readonly view: DeadLetterView }) {
  return (
    <details data-testid="dead-letter">
      <summary>
        <b>{view.reason}</b> <span class="quiet">{new Date(view.time).toLocaleTimeString()}</span> {view.message}
      </summary>
      <pre>{view.value}</pre>
    </details>
  );
}
