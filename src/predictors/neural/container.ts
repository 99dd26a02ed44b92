/**
 * Files of weights: eight characters that say what it is, the length of the header (32 bits, little endian), the header as JSON, then the
 * numbers of all parameters one after the other, little endian. The header names parameters and shapes, the precision and the SHA-256 of the numbers.
 */
import { sha256Hex } from "../../json/hash.ts";
import { sizeOf } from "./parameters.ts";

export interface Shape {
  readonly name: string;
  readonly shape: readonly number[];
}

export type Precision = "float32" | "float16";

interface Envelope<Header> {
  readonly format: number;
  readonly precision: Precision;
  readonly parameters: readonly Shape[];
  readonly sha256: string;
  readonly header: Header;
}

/** A file that is not what it should be: names the file, what was expected and what was found. */
export class WeightsUnreadable extends Error {
  override readonly name = "WeightsUnreadable";
  constructor(file: string, expected: string, found: string) {
    super(`${file}: expected ${expected}, found ${found}`);
  }
}

/** Headers hold the vocabulary; beyond this it is no header. */
const headerBytesMax = 64 * 1024 * 1024;

export function writeContainer<Header>(
  magic: string,
  format: number,
  header: Header,
  shapes: readonly Shape[],
  values: (name: string) => Float32Array,
  precision: Precision,
): Uint8Array {
  const numbers = Buffer.concat(shapes.map(({ name }) => encode(values(name), precision)));
  const envelope: Envelope<Header> = { format, precision, parameters: shapes, sha256: sha256Hex(numbers), header };
  const text = Buffer.from(JSON.stringify(envelope), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from(magic, "latin1"), length, text, numbers]);
}

/** Throws `WeightsUnreadable`. */
export function readContainer<Header>(
  file: string,
  bytes: Uint8Array,
  magic: string,
  format: number,
): { readonly header: Header; readonly shapes: readonly Shape[]; readonly values: ReadonlyMap<string, Float32Array> } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = buffer.subarray(0, magic.length).toString("latin1");
  if (start !== magic) throw new WeightsUnreadable(file, `a file that starts with ${magic}`, JSON.stringify(start));
  const length = buffer.length < magic.length + 4 ? -1 : buffer.readUInt32LE(magic.length);
  const from = magic.length + 4 + length;
  if (length < 2 || length > headerBytesMax || from > buffer.length)
    throw new WeightsUnreadable(file, "a whole header", `${buffer.length} bytes: the file is truncated`);
  const envelope = parsed<Header>(file, buffer.subarray(magic.length + 4, from).toString("utf8"));
  if (envelope.format !== format)
    throw new WeightsUnreadable(file, `format version ${format}`, `version ${String(envelope.format)}: train it anew`);
  const width = envelope.precision === "float16" ? 2 : 4;
  const numbers = buffer.subarray(from);
  const wanted = envelope.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0) * width;
  if (numbers.length !== wanted)
    throw new WeightsUnreadable(
      file,
      `${wanted} bytes of numbers`,
      `${numbers.length}${numbers.length < wanted ? ": the file is truncated" : ""}`,
    );
  const found = sha256Hex(numbers);
  if (found !== envelope.sha256)
    throw new WeightsUnreadable(file, `numbers with SHA-256 ${envelope.sha256}`, `${found}: the file is damaged`);
  const values = new Map<string, Float32Array>();
  let at = 0;
  for (const { name, shape } of envelope.parameters) {
    const bytesLong = sizeOf(shape) * width;
    values.set(name, decode(numbers.subarray(at, at + bytesLong), envelope.precision));
    at += bytesLong;
  }
  return { header: envelope.header, shapes: envelope.parameters, values };
}

/** Throws where names or shapes are not those that the configuration in the header leads to. */
export function checkShapes(file: string, wanted: readonly Shape[], found: readonly Shape[]): void {
  const text = ({ name, shape }: Shape) => `${name} [${shape.join(", ")}]`;
  for (let at = 0; at < Math.max(wanted.length, found.length); at++) {
    const [expected, got] = [wanted[at], found[at]];
    const [left, right] = [expected && text(expected), got && text(got)];
    if (left !== right) throw new WeightsUnreadable(file, `parameter ${left ?? "none"}`, right ?? "none");
  }
}

function parsed<Header>(file: string, text: string): Envelope<Header> {
  try {
    const envelope: Envelope<Header> = JSON.parse(text);
    if (Array.isArray(envelope.parameters) && typeof envelope.header === "object") return envelope;
  } catch {
    // Said below: what cannot be parsed is no header either.
  }
  throw new WeightsUnreadable(file, "a header of JSON", JSON.stringify(text.slice(0, 40)));
}

function encode(values: Float32Array, precision: Precision): Buffer {
  if (precision === "float32") return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const halves = Uint16Array.from(values, halfOf);
  return Buffer.from(halves.buffer);
}

function decode(bytes: Buffer, precision: Precision): Float32Array {
  // A copy: what is read need not lie on a boundary of numbers.
  const own = new Uint8Array(bytes).buffer;
  return precision === "float32" ? new Float32Array(own) : Float32Array.from(new Uint16Array(own), floatOf);
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** IEEE 754 binary16, rounded to nearest; too small is zero, too large the largest. */
function halfOf(value: number): number {
  single[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  if (exponent <= 0) return sign;
  if (exponent >= 31) return sign | 0x7bff;
  const rounded = ((exponent << 10) | ((word >>> 13) & 0x3ff)) + ((word >>> 12) & 1);
  return sign | Math.min(rounded, 0x7bff);
}

function floatOf(half: number): number {
  const exponent = (half >>> 10) & 31;
  const size = exponent === 0 ? 0 : ((exponent + 112) << 23) | ((half & 0x3ff) << 13);
  bits[0] = ((half & 0x8000) << 16) | size;
  return single[0] ?? 0;
}
