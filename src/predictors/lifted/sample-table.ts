/** Samples as a sparse table of columns, one for each token that tells some of them from others. */
import { type Block, priorOf } from "./tokens.ts";

export interface Sample {
  readonly blocks: readonly Block[];
  /** Index into `labels`. */
  readonly label: number;
  /** When it was seen last: greater is newer. */
  readonly at: number;
}

export interface Table {
  /** Token by column; tokens that every row has are left out. */
  readonly columns: Int32Array;
  readonly priors: Float64Array;
  /** Columns of all rows, one row behind the other. */
  readonly cells: Int32Array;
  readonly starts: Int32Array;
}

/** Tokens visited between two slices. */
const sliceTokens = 10_000;

/** In slices, each of which tells how many tokens it has visited. */
export function* tabulate(samples: readonly Sample[]): Generator<number, Table> {
  const columnOf = yield* columnsOf(samples);
  const columns = Int32Array.from(columnOf.keys());
  let all = 0;
  for (const { blocks } of samples) for (const { tokens } of blocks) all += tokens.length;
  const cells = new Int32Array(all);
  const starts = new Int32Array(samples.length + 1);
  const known = new Map<Block, Int32Array>();
  let [end, visited] = [0, 0];
  for (const [at, { blocks }] of samples.entries()) {
    for (const block of blocks) {
      const own = known.get(block) ?? cellsOf(block, columnOf);
      known.set(block, own);
      cells.set(own, end);
      end += own.length;
    }
    starts[at + 1] = end;
    if (end - visited < sliceTokens) continue;
    yield end - visited;
    visited = end;
  }
  return { columns, priors: Float64Array.from(columns, priorOf), cells: cells.slice(0, end), starts };
}

/** Columns for tokens that some rows have and others not. */
function* columnsOf(samples: readonly Sample[]): Generator<number, ReadonlyMap<number, number>> {
  const uses = new Map<Block, number>();
  for (const { blocks } of samples) for (const block of blocks) uses.set(block, (uses.get(block) ?? 0) + 1);
  const counts = new Map<number, number>();
  let visited = 0;
  for (const [{ tokens }, rows] of uses) {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] ?? 0;
      counts.set(token, (counts.get(token) ?? 0) + rows);
    }
    visited += tokens.length;
    if (visited < sliceTokens) continue;
    yield visited;
    visited = 0;
  }
  const columnOf = new Map<number, number>();
  for (const [token, count] of counts) if (count < samples.length) columnOf.set(token, columnOf.size);
  return columnOf;
}

function cellsOf({ tokens }: Block, columnOf: ReadonlyMap<number, number>): Int32Array {
  const cells = new Int32Array(tokens.length);
  let end = 0;
  for (let at = 0; at < tokens.length; at++) {
    const column = columnOf.get(tokens[at] ?? 0);
    if (column !== undefined) cells[end++] = column;
  }
  return cells.slice(0, end);
}
