/** `cancel`, `pause` and `resolve`: what is said to a run from outside; `prune`: what is forgotten. */
import { Duration, durationMs, WranglerError } from "../../core/index.ts";
import type { RunRecord } from "../../orchestration/index.ts";
import { bytes, counted } from "../figures.ts";
import { statusText } from "../render/status.ts";
import type { CommonFlags, Session } from "../session.ts";

export interface ResolveFlags extends CommonFlags {
  readonly task: string;
  readonly as: "done" | "not-done";
  readonly account?: string;
}

export interface PruneFlags extends CommonFlags {
  readonly keep?: string;
  readonly keepRuns?: number;
}

export async function cancel(session: Session, runId: string): Promise<number> {
  const app = await session.app();
  const run = await session.unlessInterrupted(app.cancel(runId));
  showRecord(session, run, []);
  return 0;
}

export async function pause(session: Session, runId: string): Promise<number> {
  session.interruption.say("no longer waiting for the run to stop; it still will");
  const app = await session.app();
  session.talk("The run stops when the tasks at work have ended.");
  const run = await session.unlessInterrupted(app.pause(runId));
  const next = run.status === "WAITING" ? [`Go on with: data-wrangler resume ${run.runId}`] : [];
  showRecord(session, run, next);
  return 0;
}

export async function resolve(
  session: Session,
  runId: string,
  { task, as, account }: ResolveFlags,
): Promise<number> {
  const app = await session.app();
  await app.resolve(runId, task, as, account);
  session.show({ ok: true, runId, task, as, account: account ?? null }, () => [
    `run ${runId}, task ${task}: ${as}. Go on with: data-wrangler resume ${runId}`,
  ]);
  return 0;
}

export async function prune(session: Session, flags: PruneFlags): Promise<number> {
  const { keep, keepRuns } = flags;
  if (keep !== undefined && !Duration.safeParse(keep).success) {
    const reason = `expected a duration such as 30d or 12h after --keep, got "${keep}"`;
    throw new WranglerError("USAGE", reason);
  }
  const app = await session.app();
  const pruned = await app.prune({
    ...(keep === undefined ? {} : { keepMs: durationMs(keep) }),
    ...(keepRuns === undefined ? {} : { keepRuns }),
  });
  session.show({ ok: true, ...pruned }, () => [
    `${counted(pruned.runs.length, "run")} forgotten, ${bytes(pruned.bytesFreed)} freed`,
  ]);
  return 0;
}

function showRecord(session: Session, run: RunRecord, next: readonly string[]): void {
  session.show({ ok: true, run }, () => [
    `run ${run.runId}: ${statusText(run.status, session.style)}`,
    ...next,
  ]);
}
