/** A workflow at work on a journal in memory, its tasks scripted. Meant for fake timers. */
import { setMaxListeners } from "node:events";
import {
  type Clock,
  type ErrorClass,
  type Log,
  silentLog,
  systemClock,
} from "../../src/core/index.ts";
import {
  type AttemptOrder,
  limiter,
  openScope,
  type ParallelLimits,
  type Perform,
  type RunControl,
  runControl,
  type RunSlot,
  type Scope,
  type ScopeTerms,
  type TaskDefinition,
  type TaskRecord,
  type TaskResults,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";
import type { MemoryJournal } from "./memory-journal.ts";
import { workflowDefinition } from "./workflow-definition.ts";

/** What one attempt does. */
export interface Act {
  readonly ms?: number;
  readonly fails?: Error | ErrorClass;
  readonly results?: TaskResults;
  /** It goes on when it is told to end. */
  readonly deaf?: boolean;
}

export interface Play {
  readonly journal: MemoryJournal;
  readonly tasks: TaskDefinition[];
  /** By path and attempt; what is not scripted ends well at once. The last act is repeated. */
  readonly acts?: Readonly<Record<string, Act | readonly Act[]>>;
  readonly workflow?: Partial<WorkflowDefinition>;
  readonly limits?: Partial<ParallelLimits>;
  readonly startedAt?: number;
  readonly outer?: string;
  readonly log?: Log;
  /** The run is canceled before anything begins. */
  readonly canceled?: boolean;
  readonly weightOf?: ScopeTerms["weightOf"];
  /** Of a run that a schedule started. */
  readonly slot?: RunSlot;
  /** The machine's own by default: fake timers set it. */
  readonly clock?: Clock;
}

export interface Playing {
  readonly scope: Scope;
  readonly control: RunControl;
  /** Attempts as they began: milliseconds since the play did, path, number. */
  readonly starts: string[];
  /** Options that attempts were given, by path and number. */
  readonly options: Record<string, unknown>;
  /** Records of tasks as their runs gave them, by id; undefined where one did not settle. */
  readonly ended: Promise<Record<string, TaskRecord | undefined>>;
}

/** Put a workflow to work as a process does: all its tasks at once. */
export function play(terms: Play): Playing {
  const { journal, tasks, acts = {}, limits, outer = "", log = silentLog } = terms;
  const { weightOf = () => "light", clock = systemClock, slot } = terms;
  const control = runControl();
  if (terms.canceled === true) control.cancel("by request");
  const begunAt = clock.now();
  const unlimited = { global: null, accounts: {}, kinds: {}, named: {} };
  const world = {
    journal,
    control,
    log,
    limiter: limiter({ heavy: 8 }),
    limits: { ...unlimited, ...limits },
    clock,
  };
  const workflow = { ...workflowDefinition("played", tasks), ...terms.workflow };
  const startedAt = terms.startedAt ?? begunAt;
  const scope = openScope(world, {
    workflow,
    outer,
    startedAt,
    weightOf,
    ...(slot ? { slot } : {}),
  });
  const starts: string[] = [];
  const options: Record<string, unknown> = {};
  const perform: Perform = async (order) => {
    const name = `${order.path}#${order.attempt}`;
    starts.push(`${clock.now() - begunAt} ${name}`);
    options[name] = order.options;
    return enact(actOf(acts[order.path], order.attempt), order, clock);
  };
  const ended = Promise.all(
    tasks.map(async ({ id }) => [id, await scope.run(id, perform)] as const),
  ).then((records) => Object.fromEntries(records));
  // A play that is to fail is awaited only after its timers have run.
  ended.catch(() => undefined);
  return { scope, control, starts, options, ended };
}

function actOf(acts: Act | readonly Act[] | undefined, attempt: number): Act {
  if (acts === undefined) return {};
  const list = "length" in acts ? acts : [acts];
  return list[Math.min(attempt, list.length) - 1] ?? {};
}

async function enact(
  { ms = 0, fails, results = {}, deaf }: Act,
  { signal, whileWaiting }: AttemptOrder,
  clock: Clock,
) {
  setMaxListeners(0, signal);
  const wait = () =>
    new Promise<void>((resolve, reject) => {
      const forget = clock.after(ms, resolve);
      if (deaf) return;
      signal.addEventListener("abort", () => {
        forget();
        reject(signal.reason);
      });
    });
  if (ms > 0) await whileWaiting(wait);
  if (typeof fails === "string") throw Object.assign(new Error(fails), { errorClass: fails });
  if (fails) throw fails;
  return results;
}

/** What a journal is after a process was killed when it had committed so many entries. */
export async function cutOff(
  journal: MemoryJournal,
  entries: number,
  into: MemoryJournal,
): Promise<MemoryJournal> {
  for (const entry of journal.entries.slice(0, entries)) await into.commit(entry);
  return into;
}
