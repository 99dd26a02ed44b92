/** Reads what a broker answers, by Kafka's protocol guide: numbers big-endian, lengths before what they count. Throws where it ends too soon. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  /** Goes on there. */
  seek(at: number): void {
    this.#at = at;
  }

  skip(count: number): void {
    this.#at += count;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  bigint64(): bigint {
    this.#at += 8;
    return this.#bytes.readBigInt64BE(this.#at - 8);
  }

  /** Of at most 53 bits. */
  int64(): number {
    return Number(this.bigint64());
  }

  /** Seven bits a byte, the lowest first, of at most 53 bits. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError("an answer of a broker ends within a number");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** Zigzag: 0, -1, 1, -2, … */
  varint(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new RangeError("an answer of a broker ends within a field");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  text(): string | null {
    return this.#textOf(this.int16());
  }

  array<T>(one: () => T): readonly T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, one);
  }

  /** Of the flexible kind (KIP-482): lengths are one more, null is 0. */
  compactText(): string | null {
    return this.#textOf(this.unsigned() - 1);
  }

  compactArray<T>(one: () => T): readonly T[] {
    return Array.from({ length: Math.max(0, this.unsigned() - 1) }, one);
  }

  /** Tagged fields: number, length and bytes of each. */
  skipTags(): void {
    for (let tags = this.unsigned(); tags > 0; tags--) {
      this.unsigned();
      const length = this.unsigned();
      this.skip(length);
    }
  }

  #textOf(length: number): string | null {
    return length < 0 ? null : this.take(length).toString("utf8");
  }
}
