/** Reads records from the file, frame by frame; the frames read last stay unpacked for whoever reads on. */
import { unpackFrame } from "../frame.ts";
import type { LogRecord, ReadLimits } from "../port.ts";
import type { Connection } from "./database.ts";
import { loadFrame } from "./stored-frame.ts";
import { rows } from "./tables.ts";

export interface FileReader {
  read(topic: number, name: string, part: number, from: number, limits: ReadLimits): readonly LogRecord[];
}

interface FrameRow {
  readonly id: number;
  readonly base: number;
  readonly next: number;
}
const framesKept = 16;

export function createFileReader(connection: Connection): FileReader {
  const find = connection.prepare(
    "SELECT id, base, next FROM frames WHERE topic = ? AND part = ? AND base <= ? ORDER BY base DESC LIMIT 1",
  );
  const after = connection.prepare(
    "SELECT id, base, next FROM frames WHERE topic = ? AND part = ? AND base > ? ORDER BY base LIMIT 1",
  );
  const load = connection.prepare("SELECT data FROM frames WHERE id = ?");
  const kept = new Map<number, readonly LogRecord[]>();

  function recordsOf(frame: FrameRow, name: string, part: number): readonly LogRecord[] {
    const known = kept.get(frame.id);
    if (known !== undefined) return known;
    const [row]: readonly ({ readonly data: Uint8Array | ArrayBuffer } | undefined)[] = rows([load.get(frame.id)]);
    // Retention or compaction may have taken the frame between two queries: then the next query finds what took its place.
    if (row === undefined) return [];
    const records = unpackFrame(name, part, frame.base, loadFrame(row.data));
    kept.set(frame.id, records);
    for (const oldest of kept.keys()) {
      if (kept.size <= framesKept) break;
      kept.delete(oldest);
    }
    return records;
  }

  return {
    read(topic, name, part, from, limits) {
      const found: LogRecord[] = [];
      let bytes = 0;
      let [frame]: readonly (FrameRow | undefined)[] = rows([find.get(topic, part, from)]);
      if (frame === undefined || frame.next <= from)
        [frame] = rows<FrameRow | undefined>([after.get(topic, part, from)]);
      while (frame !== undefined) {
        for (const record of recordsOf(frame, name, part)) {
          if (record.offset < from) continue;
          bytes += record.value?.length ?? 0;
          if (found.length > 0 && (found.length >= limits.recordsMax || bytes > limits.bytesMax)) return found;
          found.push(record);
        }
        [frame] = rows<FrameRow | undefined>([after.get(topic, part, frame.base)]);
      }
      return found;
    },
  };
}
