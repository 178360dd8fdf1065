/**
 * The ledger of effects: what goes out of the tool happens once, or is known to be uncertain.
 *
 * Before an effect its intention is made durable, after it the outcome. An intention without an
 * outcome, left by a process that was killed, or an answer that was lost, make an effect
 * *uncertain*: it is probed where its kind can, else the task's policy decides.
 *
 * @module
 */
import {
  errorClassOf,
  fingerprint,
  type Json,
  type Log,
  masked,
  WranglerError,
} from "../core/index.ts";
import type { EffectRecord, Journal, UncertainPolicy } from "../orchestration/index.ts";
import type { Effect } from "./kind.ts";
import { checkedJson } from "./results.ts";

export interface LedgerOptions {
  readonly journal: Journal;
  /** Path of the task. */
  readonly task: string;
  readonly round: number;
  readonly policy: UncertainPolicy;
  /** Of the attempt. Once it has aborted nothing is decided any more: the next attempt does. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly now: () => Date;
}

export interface Ledger {
  /**
   * Cause an effect once. What the record says is done is answered from it.
   *
   * Null stands for an outcome that nobody knows: the effect was settled by a person or by the
   * policy `skip`.
   *
   * @throws {WranglerError} EFFECT_UNCERTAIN when a person has to say what became of it; TASK_FAILED
   *   when one attempt causes two effects of the same name; else what `cause` or `probe` threw
   */
  readonly effect: <Outcome extends Json>(effect: Effect<Outcome>) => Promise<Outcome | null>;
}

/** The same in every attempt of a round; another once a person has it run again after it completed. */
export function effectKey(journal: Journal, task: string, effect: string, round: number): string {
  return fingerprint([journal.runId, journal.account, task, effect, round]);
}

/** In one attempt. When the second answer is lost too, the task's own retry policy spaces the tries. */
const MAX_CAUSES = 2;

/** The ledger of one attempt of a task. */
export function ledger(options: LedgerOptions): Ledger {
  const names = new Set<string>();
  return {
    async effect(given) {
      const effect = { ...given, name: masked(given.name) };
      if (names.has(effect.name)) {
        const reason = `Task ${options.task} causes two effects named "${effect.name}"; each needs a name of its own.`;
        throw new WranglerError("TASK_FAILED", reason, { effect: effect.name });
      }
      names.add(effect.name);
      try {
        return await settledOrCaused(options, effect);
      } catch (error) {
        // What did not happen may be tried again under its name.
        names.delete(effect.name);
        throw error;
      }
    },
  };
}

/**
 * Record what a person found out about the uncertain effects of a task. An intention whose process
 * is gone counts as uncertain. Call it only as the holder of the run's lease.
 *
 * @returns the records as they stand now
 * @throws {WranglerError} USAGE when the task has no uncertain effect
 */
export async function answer(
  journal: Journal,
  task: string,
  as: "done" | "not-done",
  now: () => Date = () => new Date(),
): Promise<readonly EffectRecord[]> {
  const all = journal.effects(task);
  const latest = Math.max(...all.map(({ round }) => round));
  const records = all
    .filter(({ round, status }) => round === latest && isOpen(status))
    .map((record) => answered(record, as, now()));
  if (records.length === 0) {
    throw new WranglerError("USAGE", `Task ${task} has no effect that is uncertain.`, { task });
  }
  await journal.commit({ effects: records });
  return records;
}

function answered(record: EffectRecord, as: "done" | "not-done", at: Date): EffectRecord {
  return {
    ...record,
    status: as === "done" ? "DONE" : "NOT_DONE",
    outcome: null,
    reason: `person: ${as}`,
    wasUncertain: true,
    settledAt: at.toISOString(),
  };
}

function isOpen(status: EffectRecord["status"]): boolean {
  return status === "INTENDED" || status === "UNCERTAIN";
}

/** What is known of an effect before it is caused: its record as done, or that it is to be caused. */
type Known = { readonly done: EffectRecord } | { readonly cause: string | null };

async function settledOrCaused<Outcome extends Json>(
  options: LedgerOptions,
  effect: Effect<Outcome>,
): Promise<Outcome | null> {
  let lost: unknown;
  for (let causes = 0; ; causes++) {
    const known = await settled(options, effect, lost);
    if ("done" in known) return copyOf(known.done.outcome);
    if (causes === MAX_CAUSES) throw lost;
    const tried = await caused(options, effect, known.cause);
    if ("done" in tried) return copyOf(tried.done.outcome);
    lost = tried.lost;
  }
}

/** The record stays as it is whatever the task does to its outcome. A cause of that effect made it, so it has its shape. */
const copyOf = (outcome: Json) => JSON.parse(JSON.stringify(outcome));

/** Settle what an earlier try left open. */
async function settled<Outcome extends Json>(
  options: LedgerOptions,
  effect: Effect<Outcome>,
  lost: unknown,
): Promise<Known> {
  options.signal.throwIfAborted();
  const record = recordOf(options, effect.name);
  if (record?.status === "DONE") return { done: record };
  if (!record || record.status === "NOT_DONE") return { cause: null };
  if (record.status === "INTENDED" && effect.endsProcess !== true) {
    await uncertain(options, effect.name, "the process ended before the outcome was known");
  }
  const found = await probed(options, effect);
  return found ?? byPolicy(options, effect.name, lost);
}

/** Undefined when the other side cannot tell. */
async function probed<Outcome extends Json>(
  options: LedgerOptions,
  { name, probe }: Effect<Outcome>,
): Promise<Known | undefined> {
  const { signal, log } = options;
  const found = await probe?.(keyOf(options, name), signal);
  if (!found) return undefined;
  log.info({ effect: name, done: found.done }, "uncertain effect was probed");
  if (!found.done) {
    const reason = "probe: not done";
    await put(options, name, { status: "NOT_DONE", outcome: null, reason });
    return { cause: reason };
  }
  const outcome = checkedJson(found.outcome ?? null, `Probe of effect "${name}"`);
  return { done: await put(options, name, { status: "DONE", outcome, reason: "probe" }) };
}

async function byPolicy(options: LedgerOptions, name: string, lost: unknown): Promise<Known> {
  const { policy, task, log } = options;
  log.warn({ effect: name, policy }, "uncertain effect is settled by the task's policy");
  if (policy === "retry") return { cause: "policy retry" };
  if (policy === "skip") {
    const reason = "policy skip";
    return { done: await put(options, name, { status: "DONE", outcome: null, reason }) };
  }
  const reason = `Effect "${name}" of task ${task}.`;
  const cause = lost === undefined ? {} : { cause: lost };
  throw new WranglerError("EFFECT_UNCERTAIN", reason, { task, effect: name }, cause);
}

/**
 * Intend, cause, record. An error that leaves it open whether the effect happened is given back to
 * be settled; but when the attempt has ended it is thrown, for the next attempt to settle.
 */
async function caused<Outcome extends Json>(
  options: LedgerOptions,
  effect: Effect<Outcome>,
  reason: string | null,
): Promise<{ readonly done: EffectRecord } | { readonly lost: unknown }> {
  const { signal } = options;
  const { name } = effect;
  signal.throwIfAborted();
  await put(options, name, { status: "INTENDED", outcome: null, reason });
  let outcome: Outcome;
  try {
    outcome = await effect.cause(keyOf(options, name), signal);
  } catch (error) {
    // How it ended is for the next process to find.
    if (effect.endsProcess === true && errorClassOf(error) === "CanceledError") throw error;
    const message = error instanceof Error ? error.message : String(error);
    // Another attempt may have settled it while this one, given up, was still at work.
    const open = isOpen(recordOf(options, name)?.status ?? "INTENDED");
    if (!(effect.mayHaveHappened ?? mayHaveHappened)(error)) {
      if (open) await put(options, name, { status: "NOT_DONE", outcome: null, reason: message });
      throw error;
    }
    if (open) await uncertain(options, name, message);
    if (signal.aborted) throw error;
    return { lost: error };
  }
  return { done: await done(options, name, outcome, reason) };
}

/** What happened is recorded as done even when its outcome cannot be kept. */
async function done(
  options: LedgerOptions,
  name: string,
  outcome: unknown,
  reason: string | null,
): Promise<EffectRecord> {
  try {
    const kept = checkedJson(outcome ?? null, `Effect "${name}"`);
    return await put(options, name, { status: "DONE", outcome: kept, reason });
  } catch (error) {
    if (!(error instanceof WranglerError) || error.code !== "RESULT_INVALID") throw error;
    await put(options, name, { status: "DONE", outcome: null, reason: error.message });
    throw error;
  }
}

function recordOf({ journal, task, round }: LedgerOptions, name: string): EffectRecord | undefined {
  return journal.effects(task).findLast((one) => one.effect === name && one.round === round);
}

/** That of its record, which may have come over from the round before. */
function keyOf(options: LedgerOptions, name: string): string {
  const { journal, task, round } = options;
  return recordOf(options, name)?.key ?? effectKey(journal, task, name, round);
}

/** Told to listeners once, at the first time that the effect is uncertain. */
async function uncertain(options: LedgerOptions, name: string, reason: string): Promise<void> {
  const told = recordOf(options, name)?.wasUncertain === true;
  options.log.warn({ effect: name, reason }, "effect is uncertain");
  await put(options, name, { status: "UNCERTAIN", outcome: null, reason }, !told);
}

async function put(
  options: LedgerOptions,
  name: string,
  change: Pick<EffectRecord, "status" | "outcome" | "reason">,
  tell = false,
): Promise<EffectRecord> {
  const { journal, task, round } = options;
  const { account } = journal;
  const before = recordOf(options, name);
  const key = keyOf(options, name);
  const at = options.now().toISOString();
  const record: EffectRecord = {
    account,
    task,
    effect: name,
    key,
    round,
    ...change,
    reason: change.reason === null ? null : masked(change.reason),
    wasUncertain: change.status === "UNCERTAIN" || before?.wasUncertain === true,
    intendedAt: change.status === "INTENDED" ? at : (before?.intendedAt ?? at),
    settledAt: isOpen(change.status) ? null : at,
  };
  const told = { account, task, type: "effect-uncertain", effect: name, key } as const;
  await journal.commit({ effects: [record], ...(tell ? { happenings: [told] } : {}) });
  return record;
}

/** Codes of connections that were never made: nothing was sent over them. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_|ERR_SSL_|CERT_)/;

/** Whether something may have happened although an error came back: lost answers and broken-off tries. */
export function mayHaveHappened(error: unknown): boolean {
  const kind = errorClassOf(error);
  if (kind === "TimeoutError" || kind === "CanceledError") return true;
  return kind === "NetworkError" && !codesOf(error).some((code) => NOT_CONNECTED.test(code));
}

/** Codes of an error and of what caused it. */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const code: unknown = Reflect.get(error, "code");
  return [
    ...(typeof code === "string" ? [code] : []),
    ...codesOf(Reflect.get(error, "cause"), depth + 1),
  ];
}
