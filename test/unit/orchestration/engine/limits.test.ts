import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  limiter,
  type Limiter,
  type ParallelLimits,
  type PlaceWanted,
  type ProcessLimits,
} from "../../../../src/orchestration/index.ts";

const OPEN: ParallelLimits = { global: null, accounts: {}, kinds: {}, named: {} };
const MANY = 1_000_000;

/** A request that may leave its limits to {@link limited}. */
type Wanted = Omit<PlaceWanted, "limits"> & Partial<Pick<PlaceWanted, "limits">>;

function wanted(account: string, traits: Partial<PlaceWanted> = {}): Wanted {
  return {
    account,
    runId: "r",
    maxParallelOfRun: null,
    kind: "k",
    heavy: false,
    named: [],
    ...traits,
  };
}

type Limited = Pick<Limiter, "inUse"> & {
  readonly acquire: (request: Wanted, signal?: AbortSignal) => Promise<() => void>;
};

/** A limiter, and the limits of all requests that do not bring their own. */
function limited({ heavy = MANY, ...own }: Partial<ParallelLimits & ProcessLimits> = {}): Limited {
  const places = limiter({ heavy });
  const limits = { ...OPEN, ...own };
  return {
    inUse: () => places.inUse(),
    acquire: (request, signal) => places.acquire({ limits, ...request }, signal),
  };
}

/** Lets promises that are settled be told so. */
function told(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Asks for places and notes in which order they are given. */
function asking(places: Limited) {
  const given: string[] = [];
  const releases = new Map<string, () => void>();
  return {
    given,
    ask: (name: string, request: Wanted) => {
      void places.acquire(request).then((release) => {
        given.push(name);
        return releases.set(name, release);
      });
    },
    release: async (name: string) => {
      releases.get(name)!();
      await told();
    },
  };
}

describe("a limiter", () => {
  test("gives a place at once where there is room, and counts it under each key", async () => {
    const places = limited({ global: 2 });
    const release = await places.acquire(wanted("a", { heavy: true, named: ["portal", "portal"] }));
    expect(places.inUse()).toEqual({
      running: 1,
      waiting: 0,
      places: new Map([
        ["global", 1],
        ["account:a", 1],
        ['run:["r","a"]', 1],
        ["kind:k", 1],
        ["heavy", 1],
        ["named:portal", 1],
      ]),
    });
    release();
    expect(places.inUse()).toEqual({ running: 0, waiting: 0, places: new Map() });
  });

  test("giving a place back twice gives back one", async () => {
    const places = limited({ global: 2 });
    const release = await places.acquire(wanted("a"));
    await places.acquire(wanted("a"));
    release();
    release();
    expect(places.inUse().running).toBe(1);
  });

  test.each<[string, Parameters<typeof limited>[0], Partial<PlaceWanted>]>([
    ["global", { global: 1 }, {}],
    ["account", { accounts: { a: 1 } }, {}],
    ["kind", { kinds: { k: 1 } }, {}],
    ["heavy", { heavy: 1 }, { heavy: true }],
    ["named", { named: { portal: 1 } }, { named: ["x", "portal"] }],
    ["run", {}, { maxParallelOfRun: 1 }],
  ])("keeps the limit by %s, first come, first served", async (_, limits, traits) => {
    const { ask, given, release } = asking(limited(limits));
    for (const name of ["1", "2", "3"]) ask(name, wanted("a", traits));
    await told();
    expect(given).toEqual(["1"]);
    await release("1");
    expect(given).toEqual(["1", "2"]);
    await release("2");
    expect(given).toEqual(["1", "2", "3"]);
  });

  test("a limit per run and account leaves other runs and accounts alone", async () => {
    const { ask, given } = asking(limited());
    ask("1", wanted("a", { maxParallelOfRun: 1 }));
    ask("2", wanted("a", { maxParallelOfRun: 1 }));
    ask("other run", wanted("a", { maxParallelOfRun: 1, runId: "s" }));
    ask("other account", wanted("b", { maxParallelOfRun: 1 }));
    await told();
    expect(given).toEqual(["1", "other run", "other account"]);
  });

  test("names from outside cannot be taken for other keys", async () => {
    const { ask, given } = asking(limited({ accounts: { a: 1 }, kinds: { toString: 1 } }));
    ask("1", wanted("a"));
    ask("2", wanted("constructor", { kind: "a", named: ["a", "__proto__"] }));
    ask("3", wanted("b", { kind: "toString" }));
    await told();
    expect(given).toEqual(["1", "2", "3"]);
  });

  test("accounts take turns: a flood in one does not hold up another", async () => {
    const { ask, given, release } = asking(limited({ global: 1 }));
    for (let i = 0; i < 500; i++) ask(`a${i}`, wanted("a"));
    for (const name of ["b0", "b1"]) ask(name, wanted("b"));
    ask("c0", wanted("c"));
    await told();
    for (let i = 0; i < 5; i++) await release(given.at(-1)!);
    expect(given).toEqual(["a0", "b0", "c0", "a1", "b1", "a2"]);
  });

  test("one that cannot go does not block those behind it", async () => {
    const { ask, given } = asking(limited({ named: { portal: 1 } }));
    ask("1", wanted("a", { named: ["portal"] }));
    ask("2", wanted("a", { named: ["portal"] }));
    ask("3", wanted("a"));
    await told();
    expect(given).toEqual(["1", "3"]);
  });

  test("one that needs two places is not passed for ever by those that need one of them", async () => {
    const { ask, given, release } = asking(limited({ named: { x: 1, y: 1 } }));
    ask("x0", wanted("a", { named: ["x"] }));
    ask("y0", wanted("a", { named: ["y"] }));
    ask("both", wanted("a", { named: ["x", "y"] }));
    for (let i = 1; i <= 200; i++) {
      ask(`x${i}`, wanted("a", { named: ["x"] }));
      ask(`y${i}`, wanted("a", { named: ["y"] }));
    }
    await told();
    for (let i = 0; !given.includes("both") && i < 400; i++) {
      await release(i % 2 === 0 ? `x${i / 2}` : `y${(i - 1) / 2}`);
    }
    expect(given.indexOf("both")).toBeGreaterThan(100);
    expect(given.indexOf("both")).toBeLessThan(110);
    ask("free", wanted("a"));
    await told();
    expect(given.at(-1)).toBe("free");
  });

  test("each request goes by the limits of its own run, and counts against those of others", async () => {
    const { ask, given, release } = asking(limited());
    const [tight, loose] = [1, 3].map((most) => ({
      runId: `${most}`,
      named: ["portal"],
      limits: { ...OPEN, named: { portal: most } },
    }));
    ask("tight 1", wanted("a", tight));
    ask("loose 1", wanted("a", loose));
    ask("loose 2", wanted("a", loose));
    ask("loose 3", wanted("a", loose));
    ask("tight 2", wanted("a", tight));
    ask("open", wanted("a", { named: ["portal"] }));
    await told();
    expect(given).toEqual(["tight 1", "loose 1", "loose 2", "open"]);
    await release("tight 1");
    expect(given).toHaveLength(4);
    await release("open");
    expect(given.slice(4)).toEqual(["loose 3"]);
    for (const name of ["loose 1", "loose 2"]) await release(name);
    expect(given).toHaveLength(5);
    await release("loose 3");
    expect(given.slice(5)).toEqual(["tight 2"]);
  });

  test("a run with a low limit is not passed for ever by one with a high limit", async () => {
    const { ask, given, release } = asking(limited());
    const [tight, loose] = [1, 3].map((global) => ({ limits: { ...OPEN, global } }));
    for (let i = 0; i < 300; i++) ask(`loose ${i}`, wanted("a", { ...loose, runId: "loose" }));
    ask("tight", wanted("b", { ...tight, runId: "tight" }));
    await told();
    for (let i = 0; !given.includes("tight") && i < 300; i++) await release(`loose ${i}`);
    expect(given.indexOf("tight")).toBeGreaterThan(100);
    expect(given.indexOf("tight")).toBeLessThan(110);
  });
});

describe("a request that is given up", () => {
  test("is refused with the signal's reason and leaves the queue", async () => {
    const places = limited({ global: 1 });
    const release = await places.acquire(wanted("a"));
    const leave = new AbortController();
    const second = places.acquire(wanted("a"), leave.signal);
    const third = places.acquire(wanted("a"));
    leave.abort(new Error("no longer wanted"));
    await expect(second).rejects.toThrow("no longer wanted");
    expect(places.inUse()).toMatchObject({ running: 1, waiting: 1 });
    release();
    await expect(third).resolves.toBeTypeOf("function");
  });

  test("before it was made is refused without taking anything", async () => {
    const places = limited();
    const asked = places.acquire(wanted("a"), AbortSignal.abort(new Error("too late")));
    await expect(asked).rejects.toThrow("too late");
    expect(places.inUse()).toEqual({ running: 0, waiting: 0, places: new Map() });
  });

  test("keeps nothing from others any more, though it had been passed too often", async () => {
    const places = limited({ named: { y: 1, z: 1 } });
    const { ask, given, release } = asking(places);
    ask("y", wanted("a", { named: ["y"] }));
    ask("z", wanted("a", { named: ["z"] }));
    await told();
    const leave = new AbortController();
    const both = places.acquire(wanted("a", { named: ["y", "z"] }), leave.signal);
    for (let i = 0; i < 101; i++) ask(`free${i}`, wanted("b"));
    await told();
    ask("late", wanted("b", { named: ["y"] }));
    await release("y");
    expect(given.at(-1)).toBe("free100");
    leave.abort(new Error("enough"));
    await expect(both).rejects.toThrow("enough");
    expect(given.at(-1)).toBe("late");
  });

  test("many that share one signal all leave, without a warning", async () => {
    const places = limited({ global: 1 });
    await places.acquire(wanted("a"));
    const leave = new AbortController();
    const all = Array.from({ length: 500 }, () => places.acquire(wanted("a"), leave.signal));
    leave.abort(new Error("stop"));
    const ends = await Promise.allSettled(all);
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(places.inUse()).toMatchObject({ running: 1, waiting: 0 });
  });
});

/** Limits of its run that a request broke when it was admitted, counted anew from all that run with it. */
function broken(one: PlaceWanted, running: readonly PlaceWanted[], { heavy }: ProcessLimits) {
  const { limits, account, runId, kind } = one;
  const over = (name: string, most: number | null | undefined, uses: (r: PlaceWanted) => boolean) =>
    most != null && running.filter(uses).length > most ? [name] : [];
  return [
    ...over("global", limits.global, () => true),
    ...(one.heavy ? over("heavy", heavy, (r) => r.heavy) : []),
    ...over("account", limits.accounts[account], (r) => r.account === account),
    ...over("kind", limits.kinds[kind], (r) => r.kind === kind),
    ...one.named.flatMap((name) => over(name, limits.named[name], (r) => r.named.includes(name))),
    ...over("run", one.maxParallelOfRun, (r) => r.runId === runId && r.account === account),
  ];
}

describe("any script of requests, returns and aborts", () => {
  const limit = fc.integer({ min: 1, max: 3 });
  const limits: fc.Arbitrary<ParallelLimits> = fc.record({
    global: fc.option(fc.integer({ min: 1, max: 6 })),
    accounts: fc.record({ a: limit }),
    kinds: fc.record({ k: limit, l: limit }),
    named: fc.record({ x: limit, y: limit }),
  });
  /** Each run has its own configuration. */
  const runs = fc.record({ r: limits, s: limits });
  const heaviest = fc.record({ heavy: limit });
  const request = fc.record({
    account: fc.constantFrom("a", "b", "c"),
    runId: fc.constantFrom("r" as const, "s" as const),
    maxParallelOfRun: fc.constantFrom(null, 2),
    kind: fc.constantFrom("k", "l", "m"),
    heavy: fc.boolean(),
    named: fc.subarray(["x", "y", "free"]),
  });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("ask" as const), request }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("return" as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const), which: fc.nat() }) },
  );

  interface Asked {
    readonly request: PlaceWanted;
    readonly leave: AbortController;
    state: "waiting" | "running" | "over";
    release: () => void;
  }

  async function play(
    most: ProcessLimits,
    limitsOf: Readonly<Record<"r" | "s", ParallelLimits>>,
    script: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
  ) {
    const places = limiter(most);
    const asked: Asked[] = [];
    const faults: string[] = [];
    const running = () =>
      asked.filter(({ state }) => state === "running").map(({ request: one }) => one);
    const ask = (one: PlaceWanted) => {
      const entry: Asked = {
        request: one,
        leave: new AbortController(),
        state: "waiting",
        release: () => {},
      };
      asked.push(entry);
      places.acquire(one, entry.leave.signal).then(
        (release) => {
          entry.state = "running";
          entry.release = release;
          faults.push(...broken(one, running(), most));
          return release;
        },
        () => {
          entry.state = "over";
        },
      );
    };
    const among = (state: Asked["state"], which: number) => {
      const those = asked.filter((entry) => entry.state === state);
      return those[which % Math.max(1, those.length)];
    };
    for (const one of script) {
      if (one.do === "ask") ask({ ...one.request, limits: limitsOf[one.request.runId] });
      if (one.do === "abort") among("waiting", one.which)?.leave.abort();
      if (one.do === "return") {
        const entry = among("running", one.which);
        if (entry) entry.state = "over";
        entry?.release();
        entry?.release();
      }
      await told();
      if (places.inUse().running !== running().length) faults.push("wrong count");
    }
    for (let entry = among("running", 0); entry; entry = among("running", 0)) {
      entry.state = "over";
      entry.release();
      await told();
    }
    return {
      faults,
      left: asked.filter(({ state }) => state !== "over").length,
      usage: places.inUse(),
    };
  }

  test("admits none beyond a limit of its run, admits all in the end, and leaves nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(
        heaviest,
        runs,
        fc.array(step, { maxLength: 60, size: "max" }),
        async (most, limitsOf, script) => {
          expect(await play(most, limitsOf, script)).toEqual({
            faults: [],
            left: 0,
            usage: { running: 0, waiting: 0, places: new Map() },
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});
