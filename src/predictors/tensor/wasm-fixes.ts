/**
 * What the wasm backend 4.22.0 lacks or does badly, mended where it is registered:
 * - `UnsortedSegmentSum` has no kernel, so the gradient of `gather` (an embedding's) fails: here it is, in JavaScript on the wasm heap.
 * - `matMul` with `transposeA` or `transposeB` is 12 to 36 times slower than an explicit transposition first, and the gradient of every
 *   matMul uses both: the kernel is wrapped, so that it transposes first. So is the fused one, which with `transposeB` is wrong.
 * - `gather` with `batchDims` reads the wrong rows in every batch but the first: its batches are gathered as one.
 * - the gradient of `maxPool` over more than one channel is wrong: its kernel is taken out, so that it fails and does not deceive.
 */
import type { BackendWasm, Tensor, Tf } from "./tensorflow.ts";

export const wasmLimits: readonly string[] = [
  "training is slow",
  "no gradient of maxPool (the package's is wrong) nor of convolutions",
  "no einsum, complex numbers, FFT or ragged tensors",
];

type Kernel = NonNullable<ReturnType<Tf["getKernel"]>>;
type Call = Parameters<Kernel["kernelFunc"]>[0];

/** Engines that are mended; a second time would wrap the wrappers. */
const mended = new WeakSet<object>();

export function fixWasm(tf: Tf): void {
  if (mended.has(tf.engine())) return;
  mended.add(tf.engine());
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: (call) => segmentSum(tf, call),
  });
  for (const name of ["BatchMatMul", "_FusedMatMul"]) transposeFirst(tf, name);
  gatherAsOne(tf);
  if (hasKernel(tf, "MaxPoolGrad")) tf.unregisterKernel("MaxPoolGrad", "wasm");
}

function hasKernel(tf: Tf, name: string): boolean {
  return tf.getKernel(name, "wasm") !== undefined && tf.getKernel(name, "wasm") !== null;
}

/** `x` of shape [n, …rest], `segmentIds` of [n]: [numSegments, …rest], the sums of the rows of each segment; ids outside are left out. */
function segmentSum(tf: Tf, { inputs, attrs, backend }: Call) {
  const wasm = backend as BackendWasm;
  const { x, segmentIds } = inputs;
  const segments = Number(attrs?.["numSegments"]);
  if (x === undefined || segmentIds === undefined) throw new Error("UnsortedSegmentSum takes x and segmentIds");
  const rest = x.shape.slice(segmentIds.shape.length);
  const width = tf.util.sizeFromShape(rest);
  const output = wasm.makeOutput([segments, ...rest], x.dtype);
  const [from, ids, to] = [x, segmentIds, output].map((tensor) => wasm.typedArrayFromHeap(tensor));
  if (from === undefined || ids === undefined || to === undefined) throw new Error("UnsortedSegmentSum: no memory");
  to.fill(0);
  ids.forEach((segment, row) => {
    if (segment < 0 || segment >= segments) return;
    for (let at = 0; at < width; at++)
      to[segment * width + at] = (to[segment * width + at] ?? 0) + (from[row * width + at] ?? 0);
  });
  return output;
}

function transposeFirst(tf: Tf, kernelName: string): void {
  const stock = tf.getKernel(kernelName, "wasm");
  tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    ...stock,
    kernelFunc(call: Call) {
      const { transposeA = false, transposeB = false } = (call.attrs ?? {}) as {
        transposeA?: boolean;
        transposeB?: boolean;
      };
      if (!transposeA && !transposeB) return stock.kernelFunc(call);
      const made: Tensor[] = [];
      const turn = (tensor: Call["inputs"][string], wanted: boolean) => {
        if (!wanted || tensor === undefined) return tensor;
        const turned = tf.transpose(tensor as Tensor, swapLast(tensor.shape.length));
        made.push(turned);
        return turned;
      };
      const inputs = { ...call.inputs, a: turn(call.inputs["a"], transposeA), b: turn(call.inputs["b"], transposeB) };
      try {
        return stock.kernelFunc({
          ...call,
          inputs: inputs as Call["inputs"],
          attrs: { ...call.attrs, transposeA: false, transposeB: false },
        });
      } finally {
        for (const tensor of made) tensor.dispose();
      }
    },
  });
}

/** Batches of [rows, …] become one table of [batches · rows, …], and the indices of each batch move to its rows. */
function gatherAsOne(tf: Tf): void {
  const stock = tf.getKernel("GatherV2", "wasm");
  tf.unregisterKernel("GatherV2", "wasm");
  tf.registerKernel({
    ...stock,
    kernelFunc(call: Call) {
      const { axis = 0, batchDims = 0 } = (call.attrs ?? {}) as { axis?: number; batchDims?: number };
      const { x, indices } = call.inputs as unknown as { x: Tensor; indices: Tensor };
      if (batchDims === 0) return stock.kernelFunc(call);
      if (axis !== batchDims) throw new Error(`gather on wasm: axis ${axis} is not batchDims ${batchDims}`);
      const rows = x.shape[axis] ?? 0;
      const rest = x.shape.slice(axis + 1);
      return tf.tidy(() => {
        const batches = tf.util.sizeFromShape(x.shape.slice(0, batchDims));
        const firstRows = tf.range(0, batches * rows, rows, "int32").reshape([batches, 1]);
        const flat = tf.add(indices.reshape([batches, -1]), firstRows);
        const gathered = tf.gather(x.reshape([batches * rows, ...rest]), flat.flatten());
        return gathered.reshape([...indices.shape, ...rest]);
      });
    },
  });
}

/** The permutation that swaps the last two axes. */
function swapLast(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, at) => at);
  return [...axes.slice(0, -2), rank - 1, rank - 2];
}
