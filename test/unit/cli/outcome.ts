import { expect } from "vitest";
import { main } from "../../../src/cli/index.ts";
import type { App } from "../../../src/orchestration/index.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";

type Answers = Partial<Record<keyof App, unknown>>;

/** A host around an app that gives these answers, and what it was asked. */
export function answering(answers: Answers): { host: FakeHost; asked: unknown[][] } {
  const asked: unknown[][] = [];
  const methods = Object.entries(answers).map(([name, answer]) => [
    name,
    (...given: unknown[]) => {
      asked.push([name, ...given.filter((one) => !isHooks(one))]);
      return Promise.resolve(answer);
    },
  ]);
  return { host: fakeHost(Object.fromEntries(methods)), asked };
}

function isHooks(given: unknown): boolean {
  return typeof given === "object" && given !== null && "signal" in given;
}

/** What a command asks the app and prints, when it ends as expected. */
export async function outcome(argv: readonly string[], answers: Answers, status = 0) {
  const { host, asked } = answering(answers);
  expect(await main(argv, host)).toBe(status);
  return { asked, said: host.stdout.text, host };
}
