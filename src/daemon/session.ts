/** The service at work: from the moment it is the one of its store until it is to end. */
import type { Settings } from "../config/index.ts";
import { type Log, systemClock } from "../core/index.ts";
import type { HealthCheck, ServiceHooks, ServiceRequest } from "../orchestration/index.ts";
import type { ServiceLease } from "../stores/index.ts";
import { type Audience, audience } from "./audience.ts";
import { type EndCause, type Ending, endingOf } from "./ending.ts";
import { listen, type Listener } from "./http.ts";
import { reloader } from "./reloader.ts";
import { type Resumer, resumer } from "./resumer.ts";
import { RunsAtWork } from "./runs-at-work.ts";
import { Scheduler } from "./scheduler.ts";
import { type SelfChecks, selfChecks } from "./self-checks.ts";
import { storeBytes } from "./store-size.ts";
import type { Supervisor } from "./systemd.ts";
import type { Tell } from "./voice.ts";
import { LOOK_EVERY_MS } from "./waker.ts";
import { Watchdog } from "./watchdog.ts";
import { type DaemonDeps, isoOf, schedulesOf, sentenceOf, type Workshop } from "./workshop.ts";

export interface SessionTerms {
  readonly deps: DaemonDeps;
  readonly request: ServiceRequest;
  readonly hooks: ServiceHooks;
  readonly settings: Settings;
  readonly supervisor: Supervisor;
  readonly log: Log;
  readonly tell: Tell;
}

/** What the session has of its own. */
interface Parts {
  readonly workshop: Workshop;
  readonly lease: ServiceLease;
  readonly ending: Ending;
  readonly audience: Audience;
}

/** So many looks may be late before the service counts as hung. */
const LATE_LOOKS = 4;

/**
 * Be the service of a store until it is to end, and its runs have.
 *
 * @throws {WranglerError} SERVICE_BUSY when another process is it, SERVICE_ADDRESS when its address is
 *   taken.
 */
export async function session(terms: SessionTerms): Promise<EndCause> {
  const { deps, settings, hooks, log, tell } = terms;
  const workshop = deps.open(settings.checkpointsFolder);
  const lease = workshop.store.service.take();
  const { drain, signal } = hooks;
  const { lost } = lease;
  const ending = endingOf({ drain, signal, lost, handOver: deps.handOver.signal });
  try {
    let live: Session | undefined;
    const { store } = workshop;
    const { clock, limiter, tool } = deps;
    const gauges = {
      runsActive: () => live?.runsActive() ?? 0,
      checks: () => live?.checks() ?? [],
      usage: () => limiter.inUse(),
      storeBytes: () => storeBytes(deps.folderOf(settings.checkpointsFolder)),
    };
    const heard = await audience({ store, clock, log, hooks, gauges, tool, tell });
    live = new Session(terms, { workshop, lease, ending, audience: heard });
    return await live.work();
  } finally {
    ending.close();
    try {
      lease.release();
    } catch (error) {
      // where nothing can be written it runs out by itself
      log.warn({ reason: sentenceOf(error) }, "the lease of the service could not be given back");
    }
  }
}

class Session {
  readonly #terms: SessionTerms;
  readonly #parts: Parts;
  readonly #atWork: RunsAtWork;
  readonly #resumer: Resumer;
  readonly #scheduler: Scheduler;
  readonly #selfChecks: SelfChecks;
  readonly #watchdog: Watchdog;
  readonly #startedAt: string;
  #settings: Settings;
  #listener: Listener | undefined;
  #isOpen = false;

  constructor(terms: SessionTerms, parts: Parts) {
    const { deps, log } = terms;
    const { clock } = deps;
    const { store, runs, cancel } = parts.workshop;
    const { tell, onEvent, tasks } = parts.audience;
    this.#terms = terms;
    this.#parts = parts;
    this.#settings = terms.settings;
    this.#startedAt = isoOf(clock.now());
    const settings = () => this.#settings;
    const hindrance = () => this.#watchdog.hindrance();
    const { drain, signal } = parts.ending;
    const atWork = new RunsAtWork({ runs, clock, tell, log, onEvent, drain, signal });
    const onEnd = () => this.#scheduler.look();
    const onLook = () => this.#resumer.look();
    const shared = { store, clock, atWork, hindrance, tell, log, settings };
    this.#atWork = atWork;
    this.#resumer = resumer({ ...shared, onEnd });
    this.#scheduler = new Scheduler({ ...shared, cancel, onLook });
    this.#selfChecks = selfChecks({
      ...shared,
      tasks,
      settingsOf: deps.settingsOf,
      checkpointsFolder: deps.folderOf(terms.settings.checkpointsFolder),
      failedStarts: () => this.#scheduler.failures(),
      refusedRuns: () => this.#resumer.refused(),
    });
    this.#watchdog = new Watchdog({
      everyMs: terms.settings.service.heartbeatMs,
      look: () => this.#selfChecks.look(),
      beat: (checks) => this.#beat(checks),
      onChange: (checks) => this.#onHealth(checks),
    });
  }

  runsActive(): number {
    return this.#atWork.count();
  }

  checks(): readonly HealthCheck[] {
    return this.#watchdog.checks();
  }

  /** Resolves when all has ended. */
  async work(): Promise<EndCause> {
    const undo: (() => Promise<void> | void)[] = [
      () => this.#selfChecks.close(),
      () => this.#scheduler.stop(),
    ];
    try {
      this.#listener = await this.#listen();
      undo.push(async () => this.#listener?.close());
      this.#takeUp(this.#settings);
      undo.push(async () => this.#watchdog.stop());
      await this.#watchdog.start();
      undo.push(this.#reloading());
      this.#open();
      const cause = await this.#parts.ending.asked;
      await this.#wind(cause);
      return cause;
    } finally {
      for (const close of undo.toReversed()) await close();
    }
  }

  /** Put schedules on record, and what was left by a service that was killed in order. */
  #takeUp(settings: Settings): void {
    const { store } = this.#parts.workshop;
    const now = isoOf(this.#terms.deps.clock.now());
    store.slots.register(schedulesOf(settings), this.#configPath(), now);
    for (const slot of store.recoverSlots(now)) this.#parts.audience.tell({ type: "slot", slot });
  }

  #open(): void {
    const { supervisor } = this.#terms;
    const url = this.#listener?.url ?? null;
    const schedules = this.#settings.schedules.length;
    this.#isOpen = true;
    this.#parts.audience.tell({ type: "started", url, schedules });
    void supervisor.ready(`${schedules} schedules`);
    supervisor.keepAlive(() => this.#isAlive());
    // asked to end before it began, it starts nothing
    if (!this.#parts.ending.drain.aborted) this.#scheduler.look();
  }

  /** Nothing is started any more; what is at work ends. */
  async #wind(cause: EndCause): Promise<void> {
    const { deps, supervisor, log } = this.#terms;
    const { audience: heard, workshop } = this.#parts;
    this.#isOpen = false;
    this.#scheduler.stop();
    heard.tell({ type: "draining", reason: REASONS[cause.why] });
    if (cause.why !== "hand-over") void supervisor.stopping(REASONS[cause.why]);
    supervisor.keepAlive(() => true);
    await this.#atWork.allEnded();
    try {
      const ended = workshop.store.slots.ended(isoOf(deps.clock.now()));
      for (const slot of ended) heard.tell({ type: "slot", slot });
    } catch (error) {
      // the next service notes it
      log.warn({ reason: sentenceOf(error) }, "the ends of slots could not be noted");
    }
  }

  /** Read the configuration anew when asked; gives how to stop. */
  #reloading(): () => Promise<void> {
    const { deps, request, hooks, supervisor, log } = this.#terms;
    const { tell } = this.#parts.audience;
    const reloads = reloader({
      load: () => deps.load(request.configPath),
      objection: (settings) => this.#objection(settings),
      apply: (settings) => this.#apply(settings),
      tell,
      log,
      onDone: () => void supervisor.ready(`${this.#settings.schedules.length} schedules`),
    });
    const forget = hooks.onReload?.(() => {
      void supervisor.reloading();
      reloads.reload();
    });
    return async () => {
      forget?.();
      await reloads.close();
    };
  }

  #objection({ checkpointsFolder }: Settings): string | null {
    const { deps, settings } = this.#terms;
    const [now, wanted] = [settings.checkpointsFolder, checkpointsFolder].map((path) =>
      deps.folderOf(path),
    );
    if (now === wanted) return null;
    return `checkpoints: the service works in ${now}; for ${wanted} it has to be started anew.`;
  }

  #apply(settings: Settings): number {
    // what came due by the schedules as they were, before they change
    this.#scheduler.decideAll();
    this.#takeUp(settings);
    this.#settings = settings;
    this.#scheduler.look();
    return settings.schedules.length;
  }

  async #listen(): Promise<Listener | undefined> {
    const { request, settings } = this.#terms;
    const { host, port } = settings.service;
    const wanted = request.port ?? port;
    if (wanted === null || request.http === false) return undefined;
    return listen(request.host ?? host, wanted, {
      isAlive: () => this.#isAlive(),
      isReady: () => this.#isOpen && this.#watchdog.isReady(),
      checks: () => this.#watchdog.checks(),
      metrics: () => this.#parts.audience.metrics.text(),
    });
  }

  #onHealth(checks: readonly HealthCheck[]): void {
    this.#parts.audience.tell({ type: "health", checks });
    // what hindered may be over
    if (this.#isOpen) this.#scheduler.look();
  }

  #beat(checks: readonly HealthCheck[]): void {
    this.#parts.lease.beat({
      startedAt: this.#startedAt,
      at: isoOf(this.#terms.deps.clock.now()),
      configPath: this.#configPath(),
      url: this.#listener?.url ?? null,
      checks,
    });
  }

  /** A simulated clock calls only when something is due. */
  #isAlive(): boolean {
    const isLooking =
      !this.#isOpen ||
      this.#terms.deps.clock !== systemClock ||
      this.#scheduler.sinceLook() < LATE_LOOKS * LOOK_EVERY_MS;
    return isLooking && this.#watchdog.isBeating();
  }

  #configPath(): string {
    return this.#settings.configPath ?? this.#terms.request.configPath;
  }
}

const REASONS: Readonly<Record<EndCause["why"], string>> = {
  drain: "the service was asked to end",
  signal: "the service was asked to end at once",
  "hand-over": "the process hands over to a restart",
  lost: "another process became the service",
};
