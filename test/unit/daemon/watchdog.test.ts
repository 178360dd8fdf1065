import { expect, onTestFinished, test } from "vitest";
import { Watchdog } from "../../../src/daemon/watchdog.ts";
import type { HealthCheck } from "../../../src/orchestration/index.ts";

function check(name: string, level: HealthCheck["level"] = "ok"): HealthCheck {
  return { name, level, text: `${name} is ${level}.`, remedy: null };
}

interface Seen {
  others: HealthCheck[];
  /** Why a beat fails. */
  beatFails?: Error | undefined;
  lookFails?: Error | undefined;
}

function told(checks: readonly HealthCheck[]): string {
  return checks.map(({ name, level }) => `${name} ${level}`).join();
}

function watched(seen: Seen) {
  const beats: string[] = [];
  const changes: string[] = [];
  const dog = new Watchdog({
    everyMs: 60_000,
    async look() {
      if (seen.lookFails) throw seen.lookFails;
      return seen.others;
    },
    beat(checks) {
      if (seen.beatFails) throw seen.beatFails;
      beats.push(told(checks));
    },
    onChange: (checks) => changes.push(told(checks)),
  });
  onTestFinished(() => dog.stop());
  return { dog, beats, changes };
}

test("each look beats, and tells of levels that have changed only", async () => {
  const seen: Seen = { others: [check("disk")] };
  const { dog, beats, changes } = watched(seen);
  await dog.start();
  expect([beats, changes]).toEqual([["disk ok"], []]);
  expect(dog.isReady()).toBe(true);

  seen.others = [check("disk", "warning")];
  await dog.look();
  await dog.look();
  expect(changes).toEqual(["store ok,disk warning"]);
  expect(beats.at(-1)).toBe("store ok,disk warning");
  expect(dog.hindrance()).toBeNull();
  seen.others = [check("disk")];
  await dog.look();
  expect(changes).toEqual(["store ok,disk warning", "store ok,disk ok"]);
});

test("a full disk and a failing store hinder, other failures do not; all are not ready", async () => {
  const seen: Seen = { others: [check("disk", "failing")] };
  const { dog } = watched(seen);
  await dog.look();
  expect(dog.hindrance()).toBe("disk: disk is failing.");
  seen.others = [check("memory", "failing")];
  await dog.look();
  expect([dog.hindrance(), dog.isReady()]).toEqual([null, false]);
  seen.others = [];
  seen.beatFails = new Error("database or disk is full");
  await dog.look();
  expect(dog.hindrance()).toBe("store: Nothing can be written: database or disk is full");
  seen.beatFails = undefined;
  await dog.look();
  expect([dog.hindrance(), dog.isReady()]).toEqual([null, true]);
});

test("checks that fail themselves are a warning, and the next look is made", async () => {
  const seen: Seen = { others: [], lookFails: new Error("no such folder") };
  const { dog, changes } = watched(seen);
  await dog.look();
  expect(dog.checks()).toMatchObject([
    { name: "store", level: "ok" },
    { name: "checks", level: "warning", text: "The checks failed: no such folder" },
  ]);
  seen.lookFails = undefined;
  await dog.look();
  expect(changes).toEqual(["store ok,checks warning", "store ok"]);
});

test("it beats for as long as it looks", async () => {
  const { dog, beats } = watched({ others: [] });
  await dog.start();
  expect(dog.isBeating()).toBe(true);
  expect(dog.sinceBeat()).toBeLessThan(60_000);
  const [one, other] = [dog.look(), dog.look()];
  expect(one).toBe(other);
  await dog.stop();
  expect(beats).toHaveLength(2);
});
