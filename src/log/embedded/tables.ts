/** Reading the tables: what both the writer and a reader in another process need to know. */
import type { TopicSpec } from "../port.ts";
import type { Connection } from "./database.ts";
import type { GroupRow, TopicRow } from "./messages.ts";

interface TopicColumns {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: TopicSpec["cleanup"];
  readonly retention_ms: number | null;
  readonly retention_bytes: number | null;
}

export function readTopics(connection: Connection): readonly TopicRow[] {
  const topics: readonly TopicColumns[] = rows(
    connection
      .prepare("SELECT id, name, partitions, cleanup, retention_ms, retention_bytes FROM topics ORDER BY id")
      .all(),
  );
  const parts = connection.prepare("SELECT start, next, timestamp FROM parts WHERE topic = ? ORDER BY part");
  const bytes = connection.prepare("SELECT coalesce(sum(bytes), 0) AS bytes FROM frames WHERE topic = ?");
  return topics.map(({ id, name, partitions, cleanup, retention_ms, retention_bytes }) => {
    const [sum]: readonly { readonly bytes: number }[] = rows([bytes.get(id)]);
    return {
      id,
      spec: { name, partitions, cleanup, retentionMs: retention_ms, retentionBytes: retention_bytes },
      parts: rows(parts.all(id)),
      bytes: sum?.bytes ?? 0,
    };
  });
}

export function readGroups(connection: Connection): readonly GroupRow[] {
  return rows(connection.prepare('SELECT name AS "group", part, offsets, note FROM groups').all());
}

/** Rows of our own tables: their shape is that of the query. */
export function rows<T>(found: readonly unknown[]): readonly T[] {
  return found as readonly T[];
}
