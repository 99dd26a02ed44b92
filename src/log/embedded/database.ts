/** The one SQLite file of the embedded log: its tables, and that it is as durable as we say (asserted, not hoped). */
import Database from "libsql";

export type Connection = Database.Database;

/** Refuses files of other versions: guessing would lose data. */
const formatVersion = 1;

export function openToWrite(file: string): Connection {
  const connection = new Database(file, { timeout: 10_000 });
  connection.exec("PRAGMA journal_mode=WAL");
  connection.exec("PRAGMA synchronous=FULL");
  connection.exec("PRAGMA wal_autocheckpoint=4000");
  assertPragma(connection, "journal_mode", "wal");
  assertPragma(connection, "synchronous", 2);
  const version = pragma(connection, "user_version");
  if (version !== 0 && version !== formatVersion) {
    throw new Error(`${file} has format ${String(version)}; this version of Driftline reads format ${formatVersion}`);
  }
  connection.exec(`
    CREATE TABLE IF NOT EXISTS topics (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, cleanup TEXT NOT NULL,
      retention_ms INTEGER, retention_bytes INTEGER);
    CREATE TABLE IF NOT EXISTS parts (
      topic INTEGER NOT NULL, part INTEGER NOT NULL, start INTEGER NOT NULL, next INTEGER NOT NULL, timestamp INTEGER NOT NULL,
      PRIMARY KEY (topic, part));
    CREATE TABLE IF NOT EXISTS frames (
      id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, part INTEGER NOT NULL, base INTEGER NOT NULL, next INTEGER NOT NULL,
      timestamp INTEGER NOT NULL, bytes INTEGER NOT NULL, data BLOB NOT NULL);
    CREATE UNIQUE INDEX IF NOT EXISTS frames_by_offset ON frames (topic, part, base);
    CREATE TABLE IF NOT EXISTS groups (
      name TEXT NOT NULL, part INTEGER NOT NULL, offsets TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (name, part));
    PRAGMA user_version=${formatVersion};
  `);
  return connection;
}

/** Beside whoever writes. */
export function openToRead(file: string): Connection {
  const connection = new Database(file, { timeout: 10_000 });
  connection.exec("PRAGMA query_only=ON");
  return connection;
}

function pragma(connection: Connection, name: string): unknown {
  const row: unknown = connection.prepare(`PRAGMA ${name}`).get();
  if (typeof row !== "object" || row === null) return undefined;
  return Object.entries(row).find(([key]) => key === name)?.[1];
}

function assertPragma(connection: Connection, name: string, wanted: unknown): void {
  const found = pragma(connection, name);
  if (found !== wanted)
    throw new Error(
      `the log's file system does not allow ${name}=${String(wanted)} (it is ${String(found)}): use a local disk`,
    );
}
