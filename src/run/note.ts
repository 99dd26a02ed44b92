/**
 * The note of a commit: where catch-up starts. It names a snapshot of the whole store and the offsets at which it was taken;
 * replaying the input from there to the committed offset gives the store that the lost process had, exactly, because the fold is pure.
 */
import type { Offsets } from "../log/port.ts";

export interface Note {
  /** SHA-256 (hex) of the snapshot blob; null is the empty store. */
  readonly snapshot: string | null;
  /** Offsets at which the snapshot was taken: the replay starts here. */
  readonly offsets: Offsets;
}

export function noteText(note: Note): string {
  return JSON.stringify({ v: 1, snapshot: note.snapshot, offsets: note.offsets });
}

/** Throws `NoteUnreadable` for what this version cannot read: guessing would corrupt the store. */
export function parseNote(text: string): Note {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NoteUnreadable(text);
  }
  if (!isRecord(value) || value["v"] !== 1 || !isRecord(value["offsets"])) throw new NoteUnreadable(text);
  const { snapshot, offsets } = value;
  if (snapshot !== null && typeof snapshot !== "string") throw new NoteUnreadable(text);
  const parsed: Record<string, number> = {};
  for (const [topic, offset] of Object.entries(offsets)) {
    if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) throw new NoteUnreadable(text);
    parsed[topic] = offset;
  }
  return { snapshot, offsets: parsed };
}

export class NoteUnreadable extends Error {
  override readonly name = "NoteUnreadable";
  constructor(text: string) {
    super(
      `the committed note is not of this version of Driftline: ${JSON.stringify(text.slice(0, 200))}. ` +
        "Run the version that wrote it, or start the group anew with `driftline reset GROUP --to start`.",
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
