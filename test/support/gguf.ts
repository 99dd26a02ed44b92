/** Writes small GGUF files: little-endian, version 3, as llama.cpp reads them. */
export interface GgufTensor {
  readonly name: string;
  /** Fastest first. */
  readonly dimensions: readonly number[];
  /** F32 values. */
  readonly values: Float32Array;
}

const alignment = 32;
const types = { f32: 6, text: 8 } as const;

export function ggufOf(facts: Readonly<Record<string, string | number>>, tensors: readonly GgufTensor[]): Buffer {
  const head = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(Object.keys(facts).length)];
  for (const [name, value] of Object.entries(facts)) {
    head.push(text(name));
    head.push(typeof value === "string" ? Buffer.concat([u32(types.text), text(value)]) : f32Fact(value));
  }
  let offset = 0;
  for (const { name, dimensions, values } of tensors) {
    head.push(text(name), u32(dimensions.length), ...dimensions.map(u64), u32(0), u64(offset));
    offset += aligned(4 * values.length);
  }
  const data = tensors.map(({ values }) => padded(Buffer.from(values.buffer, values.byteOffset, values.byteLength)));
  return Buffer.concat([padded(Buffer.concat(head)), ...data]);
}

/** A LoRA adapter of rank 1 for one weight of a model, whose values are waves of that height. */
export function loraOf(weight: string, [from, to]: readonly [number, number], height: number): Buffer {
  const facts = {
    "general.type": "adapter",
    "general.architecture": "llama",
    "adapter.type": "lora",
    "adapter.lora.alpha": 1,
  };
  const waves = (count: number) => Float32Array.from({ length: count }, (_, at) => height * Math.sin(at + 1));
  return ggufOf(facts, [
    { name: `${weight}.lora_a`, dimensions: [from, 1], values: waves(from) },
    { name: `${weight}.lora_b`, dimensions: [1, to], values: waves(to) },
  ]);
}

export const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
export const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
/** With its length before it. */
export const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const f32Fact = (value: number) => Buffer.concat([u32(types.f32), Buffer.from(Float32Array.of(value).buffer)]);
const aligned = (size: number) => Math.ceil(size / alignment) * alignment;
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
