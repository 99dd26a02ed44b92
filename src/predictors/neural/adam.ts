/**
 * Adam (Kingma, Ba 2015) on the machine's own memory: what it holds is what a checkpoint holds, so a resumed training goes on exactly. Bias
 * correction, and the gradient's norm is clipped.
 */
export interface AdamState {
  steps: number;
  readonly first: Map<string, Float32Array>;
  readonly second: Map<string, Float32Array>;
}

const decay1 = 0.9;
const decay2 = 0.98;
const epsilon = 1e-8;
/** Of the whole gradient: a bad batch must not throw the model over. */
const normMax = 1;

export function adamFor(weights: ReadonlyMap<string, Float32Array>): AdamState {
  const zeros = () => new Map([...weights].map(([name, values]) => [name, new Float32Array(values.length)]));
  return { steps: 0, first: zeros(), second: zeros() };
}

/** Changes the weights in place. Returns the norm of the gradient before it was clipped. */
export function adamStep(
  state: AdamState,
  weights: ReadonlyMap<string, Float32Array>,
  gradients: ReadonlyMap<string, Float32Array>,
  rate: number,
): number {
  let squares = 0;
  for (const values of gradients.values()) for (let at = 0; at < values.length; at++) squares += (values[at] ?? 0) ** 2;
  const norm = Math.sqrt(squares);
  const scale = norm > normMax ? normMax / norm : 1;
  state.steps += 1;
  const size = (rate * Math.sqrt(1 - decay2 ** state.steps)) / (1 - decay1 ** state.steps);
  for (const [name, values] of weights) {
    const gradient = gradients.get(name);
    const first = state.first.get(name);
    const second = state.second.get(name);
    if (gradient === undefined || first === undefined || second === undefined) continue;
    for (let at = 0; at < values.length; at++) {
      const slope = (gradient[at] ?? 0) * scale;
      const mean = decay1 * (first[at] ?? 0) + (1 - decay1) * slope;
      const square = decay2 * (second[at] ?? 0) + (1 - decay2) * slope * slope;
      first[at] = mean;
      second[at] = square;
      values[at] = (values[at] ?? 0) - (size * mean) / (Math.sqrt(square) + epsilon);
    }
  }
  return norm;
}
