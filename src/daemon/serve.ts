import type { Settings } from "../config/index.ts";
import { type Log, masked } from "../core/index.ts";
import type {
  ServiceEnd,
  ServiceHooks,
  ServiceNotice,
  ServiceRequest,
} from "../orchestration/index.ts";
import { openServiceLog } from "./service-log.ts";
import { session } from "./session.ts";
import { supervisor } from "./systemd.ts";
import { type Tell, voice } from "./voice.ts";
import { type DaemonDeps, sentenceOf } from "./workshop.ts";

/**
 * Run schedules until the service is drained, or hands over to a restart. Where the process outlives
 * the restart that it handed over to, the service goes on, and the task that asked says what failed.
 *
 * @throws {WranglerError} What is wrong with the configuration or the store; SERVICE_BUSY when another
 *   process is the service or became it, SERVICE_ADDRESS when its address is taken.
 */
export async function serve(
  deps: DaemonDeps,
  request: ServiceRequest,
  hooks: ServiceHooks = {},
): Promise<ServiceEnd> {
  // A simulated clock stands still until schedules are looked after.
  const goOn = deps.clock.busy();
  try {
    return await servedBy(deps, request, hooks, goOn);
  } finally {
    goOn();
  }
}

async function servedBy(
  deps: DaemonDeps,
  request: ServiceRequest,
  hooks: ServiceHooks,
  onStarted: () => void,
): Promise<ServiceEnd> {
  const first = await deps.load(request.configPath);
  const { log, close } = await openServiceLog(first.service.log, deps.logLevel);
  const guard = supervisor(deps.env, log);
  const whenStarted = ({ type }: ServiceNotice) => void (type === "started" && onStarted());
  const listeners = [whenStarted, ...(hooks.onNotice ? [hooks.onNotice] : [])];
  const tell = voice({ clock: deps.clock, log, listeners });
  try {
    for (let settings = first; ; settings = await loadedOr(settings, deps, request, tell)) {
      const terms = { deps, request, hooks, settings, supervisor: guard, log, tell };
      const cause = await session(terms);
      if (cause.why === "lost") throw cause.error;
      if (cause.why !== "hand-over") return { reason: "drained" };
      if (await handsOver(deps, hooks, { tell, log })) return { reason: "handed-over" };
    }
  } catch (error) {
    log.error({ reason: sentenceOf(error) }, "the service failed");
    throw error;
  } finally {
    tell({ type: "stopped" });
    guard.close();
    await close();
  }
}

/** The configuration as it is now; where it does not hold any more, as it was. */
async function loadedOr(
  known: Settings,
  deps: DaemonDeps,
  { configPath }: ServiceRequest,
  tell: Tell,
): Promise<Settings> {
  try {
    return await deps.load(configPath);
  } catch (error) {
    tell({ type: "reload-refused", message: sentenceOf(error) });
    return known;
  }
}

/** Whether the process is to end; else it goes on as if it had never asked. */
async function handsOver(
  { handOver }: DaemonDeps,
  { drain, signal }: ServiceHooks,
  { tell, log }: { readonly tell: Tell; readonly log: Log },
): Promise<boolean> {
  const stop = new AbortController();
  const onStop = () => stop.abort();
  for (const from of [drain, signal]) {
    if (from?.aborted) onStop();
    from?.addEventListener("abort", onStop, { once: true });
  }
  try {
    const to = masked(handOver.requested?.command.join(" ") ?? "nobody");
    tell({ type: "handing-over", to });
    await handOver.carryOut(stop.signal);
    if (!stop.signal.aborted) log.warn({}, "the process outlived its hand-over and goes on");
  } catch (error) {
    log.warn({ reason: sentenceOf(error) }, "the hand-over failed, the service goes on");
  } finally {
    for (const from of [drain, signal]) from?.removeEventListener("abort", onStop);
  }
  return stop.signal.aborted;
}
