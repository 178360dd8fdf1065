import { z } from "zod";
import type { ProgressEvent, RunHappening } from "../orchestration/index.ts";
import type { Connection } from "./database.ts";
import type { RowCodec } from "./row-codec.ts";

/** Numbers are given over the whole run, so those of one file have gaps. */
export const EVENTS_SCHEMA = `
CREATE TABLE events (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;`;

/** Gives the numbers of a run's events, one counter for all its files. */
export interface Sequence {
  next(): number;
}

/** A body is a happening as it was written, and when. */
const EventBody = z.custom<RunHappening & { readonly at: string }>(
  (body) => z.looseObject({ type: z.string(), at: z.string() }).safeParse(body).success,
  "expected an event",
);

/** Events in one file. */
export class EventRows {
  readonly #codec: RowCodec;
  readonly #insert;
  readonly #after;
  readonly #last;

  constructor(database: Connection, codec: RowCodec) {
    this.#codec = codec;
    this.#insert = database.prepare("INSERT INTO events VALUES (?, ?, ?)");
    this.#after = database.prepare<[string, number], { seq: number; body: unknown }>(
      "SELECT seq, body FROM events WHERE run_id = ? AND seq > ? ORDER BY seq",
    );
    this.#last = database
      .prepare<[string], number | null>("SELECT max(seq) FROM events WHERE run_id = ?")
      .pluck();
  }

  /** Number and write an event; within a transaction, so that numbers rise as events are committed. */
  add(runId: string, happening: RunHappening, at: string, sequence: Sequence): ProgressEvent {
    const event = { ...happening, runId, seq: sequence.next(), at };
    const body = JSON.stringify({ ...happening, at });
    this.#insert.run(runId, event.seq, this.#seal(body, runId, event.seq));
    return event;
  }

  after(runId: string, seq: number): ProgressEvent[] {
    return this.#after.all(runId, seq).map((row) => {
      const text = this.#codec.open(row.body, "events", runId, String(row.seq));
      return Object.assign(EventBody.parse(JSON.parse(text)), { runId, seq: row.seq });
    });
  }

  last(runId: string): number {
    return this.#last.get(runId) ?? 0;
  }

  #seal(body: string, runId: string, seq: number): string | Uint8Array {
    return this.#codec.seal(body, "events", runId, String(seq));
  }
}
