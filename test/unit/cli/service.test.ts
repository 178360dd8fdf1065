import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { WranglerError } from "../../../src/core/index.ts";
import type {
  ServiceEnd,
  ServiceHooks,
  ServiceNotice,
  ServiceRequest,
} from "../../../src/orchestration/index.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";
import {
  berlinSchedule,
  health,
  inMinutes,
  pausedSchedule,
  schedule,
  slotRecord,
} from "./operation-samples.ts";
import { AT, happened } from "./samples.ts";

const SERVICE = ["service", "-c", "p.yaml"];
const at = AT.toISOString();
const started: ServiceNotice = { at, type: "started", url: "http://127.0.0.1:9464", schedules: 2 };

type Work = (hooks: ServiceHooks, host: FakeHost) => Promise<ServiceEnd["reason"]>;

/** A host whose service does what a test says, and what it was asked for. */
function hostThat(work: Work): { host: FakeHost; asked: ServiceRequest[] } {
  const asked: ServiceRequest[] = [];
  const host: FakeHost = fakeHost({
    async serve(request, hooks) {
      asked.push(request);
      return { reason: await work(hooks!, host) };
    },
    schedules: () => Promise.resolve([schedule, berlinSchedule, pausedSchedule]),
  });
  return { host, asked };
}

/** What a service says that gives these notices, without those of its slots to come. */
async function told(notices: readonly ServiceNotice[], argv = SERVICE): Promise<FakeHost> {
  const { host } = hostThat((hooks) => {
    for (const notice of notices) hooks.onNotice?.(notice);
    return Promise.resolve("drained");
  });
  expect(await main(argv, host)).toBe(0);
  return host;
}

describe("service", () => {
  it.each([
    [[], { configPath: "p.yaml" }],
    [["--host", "0.0.0.0", "--port", "0"], { configPath: "p.yaml", host: "0.0.0.0", port: 0 }],
    [["--no-http"], { configPath: "p.yaml", http: false }],
  ])("asks the app for what %j says", async (flags, request) => {
    const { host, asked } = hostThat(() => Promise.resolve("drained"));
    expect(await main([...SERVICE, ...flags], host)).toBe(0);
    expect(asked).toEqual([request]);
  });

  it("tells that it started and which slots come, on stderr", async () => {
    const { stdout, stderr } = await told([started]);
    expect(stderr.text).toBe(
      [
        "12:03:01 service started, listening at http://127.0.0.1:9464, 2 schedules",
        "12:03:01 next slots:",
        "  mail 18:00 Europe/Berlin (in 1 h 27 min)",
        "  morning tomorrow 09:30 (in 21 h 27 min)",
        "",
      ].join("\n"),
    );
    expect(stdout.text).toBe("");
  });

  it("tells slots, ends of runs, reloads, health and how it ends", async () => {
    const slot = (change: Partial<typeof slotRecord>): ServiceNotice => ({
      at,
      type: "slot",
      slot: { ...slotRecord, ...change },
    });
    const { stderr } = await told([
      { at, type: "run-resumed", runId: "r1" },
      slot({ status: "DUE" }),
      slot({ status: "DUE", startAt: inMinutes(2) }),
      slot({ status: "STARTED", runId: "r2", reason: "caught up 5 min late" }),
      slot({ status: "QUEUED", reason: "waits until the run of an earlier slot has ended" }),
      slot({ status: "SKIPPED", reason: "the schedule is paused" }),
      slot({ status: "MISSED", reason: "nobody was there" }),
      slot({ status: "ENDED" }),
      { at, type: "run-ended", runId: "r2", workflow: "daily", status: "COMPLETED" },
      { at, type: "run-ended", runId: "r3", workflow: "daily", status: "FAILED" },
      { at, type: "health", checks: health.checks },
      { at, type: "health", checks: health.checks.slice(0, 1) },
      { at, type: "reload-refused", message: "2 mistakes:\n  p.yaml:1:1 a\n  p.yaml:2:1 b" },
      { at, type: "draining", reason: "asked to end" },
      { at, type: "handing-over", to: "systemctl reboot" },
      { at, type: "stopped" },
    ]);
    expect(stderr.text.trimEnd().split("\n")).toEqual([
      "12:03:01 run r1 taken up again",
      "12:03:01 slot morning 09:30 due, starts in 2 min",
      "12:03:01 slot morning 09:30 started, run r2: caught up 5 min late",
      "12:03:01 slot morning 09:30 queued: waits until the run of an earlier slot has ended",
      "12:03:01 slot morning 09:30 skipped: the schedule is paused",
      "12:03:01 slot morning 09:30 missed: nobody was there",
      "12:03:01 run r2 of daily completed",
      "12:03:01 run r3 of daily failed",
      "  read more with: data-wrangler status r3",
      "12:03:01 health:",
      "  warning disk: 1.2 GB left. What to do: Make room.",
      "12:03:01 health: all well",
      "12:03:01 the new configuration is refused, the old one stays:",
      "  2 mistakes:",
      "    p.yaml:1:1 a",
      "    p.yaml:2:1 b",
      "12:03:01 draining: asked to end",
      "12:03:01 handing over to systemctl reboot",
      "12:03:01 service stopped",
    ]);
  });

  it("tells how long a run took, and what went wrong in it", async () => {
    const task = { account: "acme", task: "load" } as const;
    const end = { ...task, type: "task-finished", attempts: 1, durationMs: 2000 } as const;
    const work: Work = ({ onEvent, onNotice }) => {
      onEvent?.(happened({ ...task, type: "task-started", kind: "download", attempt: 1 }));
      onEvent?.(happened({ ...end, status: "COMPLETED", reason: null }));
      onEvent?.(happened({ ...end, status: "FAILED", reason: "It is not there." }));
      onEvent?.(happened({ ...task, type: "task-waiting", reason: "for an answer" }));
      onEvent?.(happened({ type: "run-finished", status: "COMPLETED", durationMs: 64_000 }));
      onNotice?.({ at, type: "run-ended", runId: "r1", workflow: "daily", status: "COMPLETED" });
      return Promise.resolve("drained");
    };
    const { host } = hostThat(work);
    expect(await main(SERVICE, host)).toBe(0);
    expect(host.stderr.text.trimEnd().split("\n")).toEqual([
      "12:03:01 acme/load failed 2.0 s: It is not there.",
      "12:03:01 acme/load waiting: for an answer",
      "12:03:01 run r1 of daily completed after 1 min 04 s",
    ]);
    const verbose = hostThat(work).host;
    expect(await main([...SERVICE, "--verbose"], verbose)).toBe(0);
    expect(verbose.stderr.text).toContain("acme/load started\n");
  });

  it("tells the slots anew after a reload, which SIGHUP asks for", async () => {
    const { host } = hostThat((hooks, { reload }) => {
      let reloads = 0;
      const stop = hooks.onReload?.(() => {
        reloads++;
        hooks.onNotice?.({ at, type: "reloaded", schedules: 1 });
      });
      reload();
      stop?.();
      reload();
      expect(reloads).toBe(1);
      return Promise.resolve("drained");
    });
    expect(await main(SERVICE, host)).toBe(0);
    expect(host.stderr.text).toMatch(
      /^12:03:01 configuration read anew, 1 schedule\n12:03:01 next slots:\n/,
    );
  });

  it("tells slots as clocks in their schedule's zone show them, as soon as these are known", async () => {
    const slot = { ...slotRecord, schedule: "mail", dueAt: "2026-03-01T17:00:00.000Z" };
    const missed: ServiceNotice = { at, type: "slot", slot: { ...slot, status: "MISSED" } };
    const { host } = hostThat(async ({ onNotice }) => {
      onNotice?.(missed);
      onNotice?.(started);
      await new Promise((resolve) => setImmediate(resolve));
      onNotice?.(missed);
      return "drained";
    });
    expect(await main(SERVICE, host)).toBe(0);
    expect(host.stderr.text.match(/slot mail .*/g)).toEqual([
      "slot mail 13:30 missed",
      "slot mail 18:00 Europe/Berlin missed",
    ]);
  });

  it("tells of so many schedules", async () => {
    const many = Array.from({ length: 12 }, () => schedule);
    const host = fakeHost({
      serve(_, hooks) {
        hooks?.onNotice?.(started);
        return Promise.resolve({ reason: "drained" });
      },
      schedules: () => Promise.resolve(many),
    });
    expect(await main(SERVICE, host)).toBe(0);
    expect(host.stderr.text).toMatch(/\n {2}and of 2 more schedules\n$/);
  });

  it("goes on when the slots to come cannot be told", async () => {
    const host = fakeHost({
      serve(_, hooks) {
        hooks?.onNotice?.({ ...started, url: null });
        return Promise.resolve({ reason: "drained" });
      },
      schedules: () => Promise.reject(new Error("no disk")),
    });
    expect(await main(SERVICE, host)).toBe(0);
    expect(host.stderr.text.trimEnd().split("\n")).toEqual([
      "12:03:01 service started, not listening, 2 schedules",
      "12:03:01 the next slots are not known: no disk",
    ]);
  });

  it("prints notices as lines of JSON with --json, and nothing else", async () => {
    const stopped: ServiceNotice = { at, type: "stopped" };
    const { stdout, stderr } = await told([started, stopped], [...SERVICE, "--json"]);
    const lines = stdout.text.trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([started, stopped]);
    expect(stderr.text).toBe("");
    const failing = fakeHost({ serve: () => Promise.reject(new WranglerError("SERVICE_BUSY")) });
    expect(await main([...SERVICE, "--json"], failing)).toBe(75);
    expect(failing.stdout.text.trimEnd()).not.toContain("\n");
    expect(JSON.parse(failing.stdout.text)).toMatchObject({ error: { code: "SERVICE_BUSY" } });
  });

  it("says nothing with --quiet", async () => {
    const { stdout, stderr } = await told([started], [...SERVICE, "--quiet"]);
    expect(stdout.text + stderr.text).toBe("");
  });

  it("cannot be made to steer the terminal", async () => {
    const { stderr } = await told([{ at, type: "draining", reason: "a\u001B[2J" }]);
    expect(stderr.text).toBe("12:03:01 draining: a\\u001b[2J\n");
  });
});

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
}

describe("the end of a service", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("after a drain by %s is a good one", async (signal) => {
    const { host } = hostThat(async ({ drain, signal: end }, { interrupt }) => {
      const draining = aborted(drain);
      interrupt(signal);
      await draining;
      expect(end?.aborted).toBe(false);
      return "drained";
    });
    expect(await main(SERVICE, host)).toBe(0);
  });

  it("at the second signal is told as such, at the third that of the process", async () => {
    const { host } = hostThat(async ({ signal }, { interrupt, exits }) => {
      const ending = aborted(signal);
      interrupt("SIGTERM");
      interrupt("SIGTERM");
      await ending;
      expect(exits).toEqual([]);
      interrupt("SIGTERM");
      return "drained";
    });
    expect(await main(SERVICE, host)).toBe(143);
    expect(host.exits).toEqual([143]);
  });

  it("that hands over to a restart asks to be started anew", async () => {
    expect(await main(SERVICE, hostThat(() => Promise.resolve("handed-over")).host)).toBe(75);
  });

  it("waits until all is told", async () => {
    const { stderr } = await told([started, { at: inMinutes(1), type: "stopped" }]);
    // slots are asked for meanwhile, and told once they are known
    expect(stderr.text.trimEnd().split("\n")).toEqual([
      "12:03:01 service started, listening at http://127.0.0.1:9464, 2 schedules",
      "12:04:01 service stopped",
      "12:03:01 next slots:",
      "  mail 18:00 Europe/Berlin (in 1 h 27 min)",
      "  morning tomorrow 09:30 (in 21 h 27 min)",
    ]);
  });
});
