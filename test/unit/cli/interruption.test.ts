import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { WranglerError } from "../../../src/core/index.ts";
import type { ProgressEvent, RunHooks, RunResult } from "../../../src/orchestration/index.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";
import { happened, result, run } from "./samples.ts";

const RUN = ["run", "-c", "p.yaml"];
const waiting: RunResult = { ...result, run: { ...run, status: "WAITING", endedAt: null } };

/** A host whose runs do what a test says. */
function hostThat(work: (hooks: RunHooks, host: FakeHost) => Promise<RunResult>): FakeHost {
  const host: FakeHost = fakeHost({ run: (_, hooks) => work(hooks!, host) });
  return host;
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
}

describe("a run", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("is drained by the first %s and ends with %d", async (signal, status) => {
    const host = hostThat(async ({ drain, signal: end }, { interrupt }) => {
      const draining = aborted(drain);
      interrupt(signal);
      await draining;
      expect(end?.aborted).toBe(false);
      return waiting;
    });
    expect(await main(RUN, host)).toBe(status);
    expect(host.stderr.text).toContain("Interrupted: no new task starts, those at work may end");
    expect(host.stdout.text).toContain("Go on with: data-wrangler resume r1");
  });

  it("is ended at once by the second one and the process by the third", async () => {
    const host = hostThat(async ({ signal }, { interrupt, exits }) => {
      const ending = aborted(signal);
      interrupt();
      interrupt("SIGTERM");
      await ending;
      expect(exits).toEqual([]);
      interrupt("SIGTERM");
      throw new WranglerError("CANCELED");
    });
    expect(await main(RUN, host)).toBe(143);
    expect(host.exits).toEqual([143]);
    expect(host.stderr.text).toContain("Interrupted: ending what is in hand");
  });

  it("that was all done when it was interrupted ends well", async () => {
    const host = hostThat((_, { interrupt }) => {
      interrupt();
      return Promise.resolve(result);
    });
    expect(await main(RUN, host)).toBe(0);
  });

  it("that fails with an error of aborting was interrupted", async () => {
    const host = hostThat((_, { interrupt }) => {
      interrupt();
      return Promise.reject(new DOMException("aborted", "AbortError"));
    });
    expect(await main(RUN, host)).toBe(130);
    expect(host.stderr.text).toContain("error CANCELED");
  });

  it("listens no more when it is over", async () => {
    const host = hostThat(() => Promise.resolve(result));
    await main(RUN, host);
    host.interrupt();
    expect(host.stderr.text).toBe("");
  });
});

describe("a stage command", () => {
  it("is ended by the first interruption and the process by the second", async () => {
    const host: FakeHost = fakeHost({
      async stage(_, hooks) {
        expect(hooks?.drain).toBeUndefined();
        const ending = aborted(hooks?.signal);
        host.interrupt();
        await ending;
        host.interrupt();
        throw new WranglerError("CANCELED");
      },
    });
    expect(await main(["profile", "-i", "x.csv"], host)).toBe(130);
    expect(host.exits).toEqual([130]);
  });
});

describe("pause", () => {
  it("waits no more after an interruption", async () => {
    const host: FakeHost = fakeHost({
      pause() {
        queueMicrotask(() => host.interrupt());
        return new Promise(() => undefined);
      },
    });
    expect(await main(["pause", "r1"], host)).toBe(130);
    expect(host.stderr.text).toContain("no longer waiting for the run to stop; it still will");
  });
});

/** An app with a run to watch. */
function watching(events: readonly ProgressEvent[], status = run.status) {
  const asked: (string | undefined)[] = [];
  const host = fakeHost({
    async *watch(runId) {
      asked.push(runId);
      yield* events;
    },
    status: (runId) => {
      asked.push(runId);
      return Promise.resolve({ ...result, run: { ...run, status }, stages: [] });
    },
  });
  return { host, asked };
}

describe("watch", () => {
  const started = happened({
    type: "run-started",
    workflow: "prepare",
    accounts: ["acme"],
    resumed: false,
  });
  const ended = happened({ type: "run-finished", status: "FAILED", durationMs: 7000 });

  it("tells a run of another process like one of its own and ends like it", async () => {
    const { host, asked } = watching([started, ended], "FAILED");
    expect(await main(["watch"], host)).toBe(1);
    expect(asked).toEqual([undefined, "r1"]);
    expect(host.stderr.text).toBe(
      "12:03:01 run r1 started, accounts: acme\n12:03:01 run r1 failed 7.0 s\n",
    );
    expect(host.stdout.text).toContain("failed: 1 of 1 account in 7.0 s");
  });

  it("knows how long a run took of which no end was told", async () => {
    const { host } = watching([], "COMPLETED");
    expect(await main(["watch", "r1", "--json"], host)).toBe(0);
    expect(JSON.parse(host.stdout.text)).toMatchObject({ ok: true, durationMs: 4000 });
  });

  it("ends without the run when it is interrupted", async () => {
    const host: FakeHost = fakeHost({
      async *watch(_, signal) {
        yield started;
        const ending = aborted(signal);
        host.interrupt("SIGTERM");
        await ending;
        throw signal?.reason;
      },
    });
    expect(await main(["watch", "r1"], host)).toBe(143);
    expect(host.stderr.text).toContain("no longer watching, the run goes on");
    expect(host.stdout.text).toBe("");
  });

  it("fails as the app does", async () => {
    const host = fakeHost({
      // oxlint-disable-next-line require-yield -- it has nothing to give
      async *watch() {
        throw new WranglerError("RUN_UNKNOWN");
      },
    });
    expect(await main(["watch", "r9"], host)).toBe(2);
  });
});
