/** What the adapters refuse in the same words: notes that are too long, partitions that are somebody else's, offsets that are not held. */
import { Fenced, noteBytesMax, OffsetGone, type Range } from "./port.ts";

/** Throws for a note that Kafka would not take as a commit's metadata. */
export function checkNote(note: string): void {
  if (Buffer.byteLength(note) > noteBytesMax) throw new RangeError("a note has at most 4,096 bytes");
}

export function fenced(group: string, partition: number): Fenced {
  return new Fenced(`partition ${partition} of ${group} belongs to somebody else now`);
}

/** `held`: what the partition still has. */
export function offsetGone(group: string, topic: string, partition: number, offset: number, held: Range): OffsetGone {
  const why =
    offset < held.start
      ? `which starts at ${held.start}: retention has dropped it`
      : `which ends at ${held.end}: the topic was made anew, or the cluster lost records`;
  return new OffsetGone(
    `${group} needs offset ${offset} of ${topic}/${partition}, ${why}. Start the group anew: driftline reset ${group} --to start`,
  );
}
