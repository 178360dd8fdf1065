import type { HealthCheck } from "../orchestration/index.ts";
import { type StoreBeat, storeCheck } from "./checks/index.ts";

/** While one of these fails, nothing new is started. */
const HINDERING = new Set(["store", "disk"]);

interface WatchdogDeps {
  readonly everyMs: number;
  /** Looks at all but the store. */
  readonly look: () => Promise<readonly HealthCheck[]>;
  /** Writes to the store that the service is alive. */
  readonly beat: (checks: readonly HealthCheck[]) => void;
  /** The level of a check has changed. */
  readonly onChange: (checks: readonly HealthCheck[]) => void;
}

/** Looks at the service again and again, in real time, and says that it is alive. */
export class Watchdog {
  readonly #deps: WatchdogDeps;
  #checks: readonly HealthCheck[] = [];
  #beatAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(deps: WatchdogDeps) {
    this.#deps = deps;
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    await this.look();
    this.#timer = setInterval(() => void this.look(), this.#deps.everyMs);
  }

  /** One look; those that ask while there is one share it. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Nothing is written after it has resolved. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  checks(): readonly HealthCheck[] {
    return this.#checks;
  }

  /** Milliseconds since it last looked, in real time. */
  sinceBeat(): number {
    return performance.now() - this.#beatAt;
  }

  /** Whether it looked lately. */
  isBeating(): boolean {
    return this.sinceBeat() < 3 * this.#deps.everyMs + 5_000;
  }

  isReady(): boolean {
    return this.#checks.every(({ level }) => level !== "failing");
  }

  /** Why nothing may be started; null when it may. */
  hindrance(): string | null {
    const found = this.#checks.find(
      ({ name, level }) => level === "failing" && HINDERING.has(name),
    );
    return found ? `${found.name}: ${found.text}` : null;
  }

  async #look(): Promise<void> {
    const others = await this.#others();
    const known = this.#checks.filter(({ name }) => name === "store");
    const checks = [storeCheck(this.#beat([...known, ...others])), ...others];
    this.#beatAt = performance.now();
    const before = levelsOf(this.#checks);
    this.#checks = checks;
    if (levelsOf(checks) !== before) this.#deps.onChange(checks);
  }

  async #others(): Promise<readonly HealthCheck[]> {
    try {
      return await this.#deps.look();
    } catch (error) {
      const text = `The checks failed: ${error instanceof Error ? error.message : String(error)}`;
      return [{ name: "checks", level: "warning", text, remedy: "See the service's log." }];
    }
  }

  #beat(checks: readonly HealthCheck[]): StoreBeat {
    const beganMs = performance.now();
    try {
      this.#deps.beat(checks);
      return { tookMs: performance.now() - beganMs };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }
}

function levelsOf(checks: readonly HealthCheck[]): string {
  return checks
    .filter(({ level }) => level !== "ok")
    .map(({ name, level }) => `${name} ${level}`)
    .join();
}
