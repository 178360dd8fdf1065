/** Records of a journal as rows of one account's file. */
import { z } from "zod";
import {
  AttemptRecord,
  EffectRecord,
  type JournalEntry,
  StageRecord,
  TaskRecord,
} from "../orchestration/index.ts";
import { ArtifactRef } from "./artifacts.ts";
import { checkText } from "./names.ts";

/** Bodies hold the whole record as JSON; the other columns are what is searched and sorted by. */
export const JOURNAL_SCHEMA = `
CREATE TABLE tasks (
  n INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  task TEXT NOT NULL,
  status TEXT NOT NULL,
  taken INTEGER NOT NULL,
  ended_at TEXT,
  duration_ms REAL,
  body BLOB NOT NULL,
  UNIQUE (run_id, task)
);
CREATE TABLE attempts (
  run_id TEXT NOT NULL,
  task TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (run_id, task, round, attempt)
) WITHOUT ROWID;
CREATE TABLE effects (
  n INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  task TEXT NOT NULL,
  round INTEGER NOT NULL,
  effect TEXT NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (run_id, task, round, effect)
);
CREATE TABLE stages (
  n INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  task TEXT NOT NULL,
  dataset TEXT NOT NULL,
  stage TEXT NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (run_id, task, dataset, stage)
);`;

/** Bytes of JSON up to which a value stands in its row. */
const IN_ROW_BYTES = 8 * 1024;

/** The tables of records, and their key columns after the run's id. */
export const KEYS = {
  tasks: ["task"],
  attempts: ["task", "round", "attempt"],
  effects: ["task", "round", "effect"],
  stages: ["task", "dataset", "stage"],
} as const;
export type JournalTable = keyof typeof KEYS;

/** A record on its way to its row, as it was when it was committed. */
export interface DraftRow {
  readonly table: JournalTable;
  readonly keys: readonly (string | number)[];
  /** The record's JSON; without the big value, if it has one. */
  readonly body: string;
  /** The JSON of a value that is too big for the row. */
  readonly big: string | undefined;
  readonly task: TaskRecord | undefined;
}

/** What stands in a body besides the record: where its big value is. */
const Stowed = z.looseObject({ $artifact: ArtifactRef.optional() });

/** How the records of one table read: their shape, and the field that may be too big for a row. */
export interface RecordKind<T> {
  readonly table: JournalTable;
  readonly shape: z.ZodType<T>;
  readonly big: string | undefined;
}

const kindOf = <T>(table: JournalTable, shape: z.ZodType<T>, big?: string): RecordKind<T> => ({
  table,
  shape,
  big,
});

export const KINDS = {
  tasks: kindOf("tasks", TaskRecord, "results"),
  attempts: kindOf("attempts", AttemptRecord, "results"),
  effects: kindOf("effects", EffectRecord, "outcome"),
  stages: kindOf("stages", StageRecord),
} as const;

/** The rows of an entry, in the order of its parts. */
export function draftsOf(entry: JournalEntry): DraftRow[] {
  return [
    ...(entry.tasks ?? []).map((record) => draft("tasks", record, [record.task], record)),
    ...(entry.attempts ?? []).map((record) =>
      draft("attempts", record, [record.task, record.round, record.attempt]),
    ),
    ...(entry.effects ?? []).map((record) =>
      draft("effects", record, [record.task, record.round, record.effect]),
    ),
    ...(entry.stages ?? []).map((record) =>
      draft("stages", record, [record.task, record.dataset, record.stage]),
    ),
  ];
}

function draft(
  table: JournalTable,
  record: object,
  keys: readonly (string | number)[],
  task?: TaskRecord,
): DraftRow {
  KEYS[table].forEach((name, i) => {
    if (typeof keys[i] !== "number") checkText(keys[i], name);
  });
  const field = KINDS[table].big;
  const value = field && JSON.stringify(Reflect.get(record, field));
  const isBig = value !== undefined && Buffer.byteLength(value) > IN_ROW_BYTES;
  const small = isBig ? { ...record, [field ?? ""]: null } : record;
  const big = isBig ? value : undefined;
  return { table, keys, body: JSON.stringify(small), big, task };
}

/** The body of a row whose big value has been put away. */
export function bodyOf(row: DraftRow, ref: ArtifactRef | undefined): string {
  return ref ? `${row.body.slice(0, -1)},"$artifact":${JSON.stringify(ref)}}` : row.body;
}

/** The record of a body. `fetch` gives the JSON of a value that was put away. */
export function recordOf<T>(
  { shape, big }: RecordKind<T>,
  body: string,
  fetch: (ref: ArtifactRef) => string,
): T {
  const { $artifact, ...record } = Stowed.parse(JSON.parse(body));
  if ($artifact && big) record[big] = JSON.parse(fetch($artifact));
  return shape.parse(record);
}
