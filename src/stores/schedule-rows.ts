import { stableJson, WranglerError } from "../core/index.ts";
import { type ScheduleDefinition, ScheduleState } from "../schedule/index.ts";
import type { Connection } from "./database.ts";

export const SCHEDULES_SCHEMA = `
CREATE TABLE schedules (
  name TEXT PRIMARY KEY,
  definition TEXT NOT NULL,
  config_path TEXT NOT NULL,
  paused_at TEXT,
  decided_up_to TEXT NOT NULL
) WITHOUT ROWID;`;

interface Row {
  readonly name: string;
  readonly definition: string;
  readonly configPath: string;
  readonly pausedAt: string | null;
  readonly decidedUpTo: string;
}

const SELECT = `SELECT name, definition, config_path AS configPath, paused_at AS pausedAt,
    decided_up_to AS decidedUpTo
  FROM schedules`;

/** Rows of the table `schedules`: what is to run when, and up to when that is decided. */
export class ScheduleRows {
  readonly #database: Connection;

  constructor(database: Connection) {
    this.#database = database;
  }

  /** By name. */
  all(): ScheduleState[] {
    const rows = this.#database.prepare<[], Row>(`${SELECT} ORDER BY name`);
    return rows.all().map(stateOf);
  }

  /** @throws {WranglerError} SCHEDULE_UNKNOWN. */
  get(name: string): ScheduleState {
    const row = this.#database.prepare<[string], Row>(`${SELECT} WHERE name = ?`).get(name);
    if (row) return stateOf(row);
    throw new WranglerError("SCHEDULE_UNKNOWN", `"${name}".`, { schedule: name });
  }

  /**
   * Put a schedule on record. One that is known keeps its pause and what is decided of it; from a
   * change of its times on, it is decided up to now.
   */
  put(definition: ScheduleDefinition, configPath: string, now: string): void {
    const { name } = definition;
    const known = this.#database.prepare<[string], Row>(`${SELECT} WHERE name = ?`).get(name);
    const goesOn = known !== undefined && sameTimes(known.definition, definition);
    const from = known?.decidedUpTo ?? now;
    this.#database
      .prepare(
        `INSERT INTO schedules (name, definition, config_path, paused_at, decided_up_to)
         VALUES (@name, @definition, @configPath, NULL, @upTo)
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition,
           config_path = excluded.config_path, decided_up_to = excluded.decided_up_to`,
      )
      .run({
        name,
        definition: JSON.stringify(definition),
        configPath,
        upTo: goesOn ? from : later(from, now),
      });
  }

  names(): string[] {
    return this.#database.prepare<[], string>("SELECT name FROM schedules").pluck().all();
  }

  drop(name: string): void {
    this.#database.prepare("DELETE FROM schedules WHERE name = ?").run(name);
  }

  /** Never goes back. */
  decided(name: string, upTo: string): void {
    this.#database
      .prepare("UPDATE schedules SET decided_up_to = max(decided_up_to, ?) WHERE name = ?")
      .run(upTo, name);
  }

  /** From a time on, also when it was decided further: a person says so. */
  decideAnew(name: string, from: string): void {
    this.#database.prepare("UPDATE schedules SET decided_up_to = ? WHERE name = ?").run(from, name);
  }

  setPaused(name: string, pausedAt: string | null): void {
    const update = this.#database.prepare("UPDATE schedules SET paused_at = ? WHERE name = ?");
    update.run(pausedAt, name);
  }
}

function stateOf({ definition, configPath, pausedAt, decidedUpTo }: Row): ScheduleState {
  const parsed: unknown = JSON.parse(definition);
  return ScheduleState.parse({ definition: parsed, configPath, pausedAt, decidedUpTo });
}

/** Whether a schedule has the slots that it had, as written by whatever version of ours. */
function sameTimes(before: string, after: ScheduleDefinition): boolean {
  const known: unknown = JSON.parse(before);
  const resumes = fieldOf(known, "paused") === true && !after.paused;
  const times = ["rule", "timeZone", "days", "except"] as const;
  return !resumes && times.every((field) => jsonOf(fieldOf(known, field)) === jsonOf(after[field]));
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
}

function jsonOf(value: unknown): string {
  return value === undefined ? "" : stableJson(value);
}

/** Times of this form sort as texts. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}
