import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exists, silentLog } from "../../../src/core/index.ts";
import { supervisor } from "../../../src/daemon/systemd.ts";
import { withFolder } from "../../helpers/engine.ts";
import { until } from "../../helpers/held-run.ts";

/** A supervisor's program that notes what it is given, a line a call. */
const NOTIFY = `#!/bin/sh
echo "$NOTIFY_SOCKET $*" >> "$SAID"
`;

async function withNotify(more: Record<string, string> = {}) {
  const folder = await withFolder();
  const program = join(folder, "systemd-notify");
  await writeFile(program, NOTIFY);
  await chmod(program, 0o755);
  const said = join(folder, "said");
  const PATH = `${folder}:${process.env["PATH"] ?? ""}`;
  const env = { PATH, SAID: said, NOTIFY_SOCKET: "/run/notify", ...more };
  const lines = async () =>
    (await exists(said)) ? (await readFile(said, "utf8")).trimEnd().split("\n") : [];
  return { env, lines };
}

test("a supervisor is told how the service stands, in order", async () => {
  const { env, lines } = await withNotify();
  const guard = supervisor(env, silentLog);
  void guard.ready("3 schedules");
  void guard.reloading();
  void guard.ready("4 schedules");
  await guard.stopping("it was asked to end");
  const found = await lines();
  expect(found.map((line) => line.replace(/USEC=\d+/, "USEC=…"))).toEqual([
    "/run/notify READY=1 STATUS=3 schedules",
    "/run/notify RELOADING=1 MONOTONIC_USEC=…",
    "/run/notify READY=1 STATUS=4 schedules",
    "/run/notify STOPPING=1 STATUS=it was asked to end",
  ]);
  const micros = /USEC=(\d+)/.exec(found[1] ?? "")?.[1];
  // of the clock that only counts on, as systemd's
  expect(Number(micros)).toBeLessThanOrEqual(Number(process.hrtime.bigint() / 1_000n));
});

test("while the service is alive the watchdog is told, and not when it hangs", async () => {
  const { env, lines } = await withNotify({
    WATCHDOG_USEC: "40000",
    WATCHDOG_PID: String(process.pid),
  });
  const guard = supervisor(env, silentLog);
  onTestFinished(() => guard.close());
  let alive = false;
  let asked = 0;
  guard.keepAlive(() => {
    asked++;
    return alive;
  });
  await until(() => asked >= 3);
  expect(await lines()).toEqual([]);
  alive = true;
  await until(async () => (await lines()).length >= 3);
  guard.close();
  expect(new Set(await lines())).toEqual(new Set(["/run/notify WATCHDOG=1"]));
});

test.each([
  ["there is no watchdog", {}],
  ["it is for another process", { WATCHDOG_USEC: "20000", WATCHDOG_PID: "1" }],
  ["its time is none", { WATCHDOG_USEC: "x" }],
])("nothing is told again and again when %s", async (_, more) => {
  const { env } = await withNotify(more);
  const guard = supervisor(env, silentLog);
  let asked = 0;
  guard.keepAlive(() => ++asked > 0);
  await guard.ready("x");
  expect(asked).toBe(0);
});

test("without a supervisor no program is started", async () => {
  const { env, lines } = await withNotify();
  const { NOTIFY_SOCKET: _, ...without } = env;
  const guard = supervisor(without, silentLog);
  guard.keepAlive(() => true);
  await guard.ready("x");
  await guard.reloading();
  await guard.stopping("x");
  guard.close();
  expect(await lines()).toEqual([]);
});

test("a supervisor that cannot be told is noted in the log", async () => {
  const warned: string[] = [];
  const log = { ...silentLog, warn: (_: object, message = "") => void warned.push(message) };
  const folder = await withFolder();
  await supervisor({ PATH: folder, NOTIFY_SOCKET: "/run/notify" }, log).ready("x");
  expect(warned).toEqual(["systemd-notify failed"]);
});
