import { failureOf, masked } from "../core/index.ts";
import type { CheckLevel, HealthCheck } from "../orchestration/index.ts";

/** All is well. */
export function ok(name: string, text: string): HealthCheck {
  return { name, level: "ok", text, remedy: null };
}

/** Runs may go well all the same. */
export function warning(name: string, text: string, remedy: string): HealthCheck {
  return { name, level: "warning", text, remedy };
}

/** Runs will fail, or some of their tasks. */
export function failing(name: string, text: string, remedy: string): HealthCheck {
  return { name, level: "failing", text, remedy };
}

/** What an error tells, without secrets. */
export function failedBy(name: string, error: unknown): HealthCheck {
  const { message, remedy } = failureOf(error, "");
  return failing(name, masked(message), remedy);
}

/** A flaw that was found, one of several of a check. */
export interface Flaw {
  readonly level: Exclude<CheckLevel, "ok">;
  readonly text: string;
}

/** All flaws of a check as one, as bad as the worst; `well` when there are none. */
export function summed(
  name: string,
  flaws: readonly Flaw[],
  said: { readonly well: string; readonly remedy: string },
): HealthCheck {
  if (flaws.length === 0) return ok(name, said.well);
  const worst = flaws.some(({ level }) => level === "failing") ? failing : warning;
  const lines = new Set(flaws.map(({ text }) => text));
  return worst(name, shortened([...lines]).join("\n"), said.remedy);
}

/** Of more flaws only the number is told: with one cause there are often very many. */
const MAX_LINES = 20;

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more`];
}

/** `1 file`, `2 files`. */
export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** The message of whatever was thrown, without secrets. */
export function messageOf(error: unknown): string {
  return masked(error instanceof Error ? error.message : String(error));
}

/** A check that could not be made is one that fails. */
export async function orFailed(
  name: string,
  make: () => Promise<readonly HealthCheck[]> | readonly HealthCheck[],
): Promise<readonly HealthCheck[]> {
  try {
    return await make();
  } catch (error) {
    return [failedBy(name, error)];
  }
}
