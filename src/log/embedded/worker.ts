/** The writer thread: the only one that writes the file. One request at a time, each one transaction; it answers when it is durable. */
import { parentPort, workerData } from "node:worker_threads";
import type { TopicSpec } from "../port.ts";
import { openToWrite } from "./database.ts";

import { maintain } from "./maintenance.ts";
import type { Answer, Request } from "./messages.ts";
import { storeFrame } from "./stored-frame.ts";
import { readGroups, readTopics } from "./tables.ts";

const { file }: { readonly file: string } = workerData;
const connection = openToWrite(file);
const insertFrame = connection.prepare(
  "INSERT INTO frames (topic, part, base, next, timestamp, bytes, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
);
const movePart = connection.prepare("UPDATE parts SET next = ?, timestamp = ? WHERE topic = ? AND part = ?");
const putGroup = connection.prepare(
  "INSERT INTO groups (name, part, offsets, note) VALUES (?, ?, ?, ?) ON CONFLICT (name, part) DO UPDATE SET offsets = excluded.offsets, note = excluded.note",
);

parentPort?.on("message", (request: Request) => {
  parentPort?.postMessage(answer(request));
  if (request.kind === "close") {
    connection.close();
    parentPort?.close();
  }
});

function answer(request: Request): Answer {
  try {
    switch (request.kind) {
      case "topics":
        return ensure(request.specs);
      case "write":
        return write(request);
      case "maintain":
        return { ok: true, maintained: maintain(connection, request.nowMs) };
      case "close":
        connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        return { ok: true };
    }
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, full: /\b(full|disk I\/O)\b/i.test(message), message };
  }
}

function ensure(specs: readonly TopicSpec[]): Answer {
  const known = new Set(readTopics(connection).map(({ spec }) => spec.name));
  const addTopic = connection.prepare(
    "INSERT INTO topics (name, partitions, cleanup, retention_ms, retention_bytes) VALUES (?, ?, ?, ?, ?)",
  );
  const change = connection.prepare("UPDATE topics SET retention_ms = ?, retention_bytes = ? WHERE name = ?");
  const addPart = connection.prepare(
    "INSERT INTO parts (topic, part, start, next, timestamp) SELECT id, ?, 0, 0, 0 FROM topics WHERE name = ?",
  );
  connection.exec("BEGIN IMMEDIATE");
  for (const { name, partitions, cleanup, retentionMs, retentionBytes } of specs) {
    if (known.has(name)) {
      change.run(retentionMs, retentionBytes, name);
      continue;
    }
    addTopic.run(name, partitions, cleanup, retentionMs, retentionBytes);
    for (let part = 0; part < partitions; part++) addPart.run(part, name);
  }
  connection.exec("COMMIT");
  return { ok: true, topics: readTopics(connection), groups: readGroups(connection) };
}

function write({ frames, commits }: Request & { readonly kind: "write" }): Answer {
  const stored = frames.map((frame) => storeFrame(frame.packed));
  connection.exec("BEGIN IMMEDIATE");
  for (const [at, { topic, part, base, next, timestamp }] of frames.entries()) {
    const data = stored[at] ?? Buffer.alloc(0);
    insertFrame.run(topic, part, base, next, timestamp, data.length, data);
    movePart.run(next, timestamp, topic, part);
  }
  for (const { group, part, offsets, note } of commits) putGroup.run(group, part, offsets, note);
  connection.exec("COMMIT");
  return { ok: true, storedBytes: stored.map((data) => data.length) };
}
