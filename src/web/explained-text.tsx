/** A predicted text with its pieces marked by where they come from: by colour, by a letter, and in words for who points at one. */
import { type SegmentSource, segmentSources, type TextSegment } from "../predictors/text-segments.ts";

/** Shown behind a piece and in the legend: colours alone tell nobody enough. Words of the template have none. */
const marks: Readonly<Record<SegmentSource, string>> = {
  words: "",
  argument: "A",
  named: "N",
  context: "C",
  earlier: "E",
  contents: "L",
  page: "P",
  counted: "#",
  usual: "U",
  memory: "M",
  constant: "K",
  cut: "…",
};

export function ExplainedText({ segments }: { readonly segments: readonly TextSegment[] }) {
  const used = [...new Set(segments.map(({ source }) => source))];
  return (
    <div data-testid="segments">
      <pre class="diff">
        {segments.map(({ text, source, detail }, at) => (
          <span
            key={at}
            class={source === "words" ? "" : `source source-${source}`}
            data-source={source}
            data-mark={marks[source]}
            title={titleOf(source, detail)}
          >
            {text}
          </span>
        ))}
      </pre>
      <ul class="legend" aria-label="where each piece comes from">
        {used.map((source) => (
          <li key={source}>
            <span class={source === "words" ? "" : `source source-${source}`} data-mark={marks[source]}>
              {source}
            </span>{" "}
            <span class="quiet">{segmentSources[source]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function titleOf(source: SegmentSource, detail: string | undefined): string {
  return detail === undefined ? segmentSources[source] : `${segmentSources[source]}: ${detail}`;
}
