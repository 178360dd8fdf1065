import { describe, expect, it } from "vitest";
import { silentLog, WranglerError } from "../../../src/core/index.ts";
import type { EffectRecord, UncertainPolicy } from "../../../src/orchestration/index.ts";
import { answer, effectKey, ledger, mayHaveHappened } from "../../../src/tasks/effects.ts";
import type { Effect } from "../../../src/tasks/kind.ts";
import { type MemoryJournal, memoryJournal } from "../../helpers/memory-journal.ts";

const AT = "2026-03-01T10:00:00.000Z";
const EARLIER = "2026-03-01T09:00:00.000Z";

const now = () => new Date(AT);

/** The ledger of a new attempt. */
function attempt(
  journal: MemoryJournal,
  policy: UncertainPolicy = "ask",
  signal = new AbortController().signal,
  round = 1,
) {
  return ledger({ journal, task: "mail", round, policy, signal, log: silentLog, now });
}

/** An effect that counts how often it was caused, and answers with what `outcomes` say in turn. */
function counted(...outcomes: (string | Error)[]) {
  const keys: string[] = [];
  const effect: Effect<string> = {
    name: "send",
    async cause(key) {
      keys.push(key);
      const outcome = outcomes[keys.length - 1] ?? "sent";
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
  return { effect, keys };
}

const record = (journal: MemoryJournal): EffectRecord => journal.effects("mail").at(-1)!;
const statuses = (journal: MemoryJournal) =>
  journal.entries.flatMap(({ effects }) => effects?.map(({ status }) => status) ?? []);
const coded = (code: string) => Object.assign(new Error(code), { code });
const lostAnswer = () => coded("ECONNRESET");

// answers of the other side to a probe
const notDone = async () => ({ done: false }) as const;
const silent = async () => undefined;
const found = async () => ({ done: true, outcome: "found" }) as const;
const unreachable = () => Promise.reject(coded("ECONNREFUSED"));

/** A journal in which an earlier process left an effect. */
async function left(status: EffectRecord["status"]): Promise<MemoryJournal> {
  const journal = memoryJournal();
  const effect: EffectRecord = {
    account: "acme",
    task: "mail",
    effect: "send",
    key: effectKey(journal, "mail", "send", 1),
    round: 1,
    status,
    outcome: status === "DONE" ? "sent before" : null,
    reason: null,
    wasUncertain: status === "UNCERTAIN",
    intendedAt: EARLIER,
    settledAt: null,
  };
  await journal.commit({ effects: [effect] });
  return journal;
}

describe("an effect that is new", () => {
  it("is caused after its intention is durable and before its outcome is", async () => {
    const journal = memoryJournal();
    let during: EffectRecord | undefined;
    const outcome = await attempt(journal).effect({
      name: "send",
      async cause() {
        during = record(journal);
        return { id: 7 };
      },
    });
    expect(during).toMatchObject({ status: "INTENDED", outcome: null, settledAt: null });
    expect(outcome).toEqual({ id: 7 });
    expect(record(journal)).toEqual({
      account: "acme",
      task: "mail",
      effect: "send",
      key: effectKey(journal, "mail", "send", 1),
      round: 1,
      status: "DONE",
      outcome: { id: 7 },
      reason: null,
      wasUncertain: false,
      intendedAt: AT,
      settledAt: AT,
    });
    expect(journal.events()).toEqual([]);
  });

  it("is not caused when its intention cannot be made durable", async () => {
    const journal = memoryJournal();
    journal.refuse(new WranglerError("RUN_LOST"));
    const { effect, keys } = counted();
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({ code: "RUN_LOST" });
    expect(keys).toEqual([]);
  });

  it("is not caused in an attempt that has ended", async () => {
    const journal = memoryJournal();
    const { effect, keys } = counted();
    const ended = AbortSignal.abort(new WranglerError("CANCELED"));
    await expect(attempt(journal, "ask", ended).effect(effect)).rejects.toMatchObject({
      code: "CANCELED",
    });
    expect([keys, statuses(journal)]).toEqual([[], []]);
  });

  it("stands as intended when its outcome cannot be made durable", async () => {
    const journal = memoryJournal();
    const effect: Effect<string> = {
      name: "send",
      async cause() {
        journal.refuse(new WranglerError("RUN_LOST"));
        return "sent";
      },
    };
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({ code: "RUN_LOST" });
    expect(record(journal).status).toBe("INTENDED");
  });

  it("is done although its outcome is no JSON, which is told", async () => {
    const journal = memoryJournal();
    const effect = { name: "send", cause: async () => ({ at: Number.NaN }) };
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({ code: "RESULT_INVALID" });
    expect(record(journal)).toMatchObject({ status: "DONE", outcome: null });
    expect(await attempt(journal).effect(effect)).toBeNull();
  });
});

describe("keys", () => {
  it("are the same in each attempt and differ by run, account, task, name and round", async () => {
    const journal = memoryJournal();
    const { effect, keys } = counted(coded("EACCES"), "sent");
    await expect(attempt(journal).effect(effect)).rejects.toThrow("EACCES");
    await attempt(journal).effect(effect);
    expect(keys).toEqual([keys[0], keys[0]]);
    const others = [
      effectKey(memoryJournal("run-2"), "mail", "send", 1),
      effectKey(memoryJournal("run-1", "other"), "mail", "send", 1),
      effectKey(journal, "mail2", "send", 1),
      effectKey(journal, "mail", "send2", 1),
      effectKey(journal, "mail", "send", 2),
    ];
    expect(new Set([...others, keys[0]]).size).toBe(6);
  });

  it("let a later round cause it anew", async () => {
    const journal = await left("DONE");
    const { effect, keys } = counted("sent again");
    expect(await attempt(journal, "ask", undefined, 2).effect(effect)).toBe("sent again");
    expect(keys).toEqual([effectKey(journal, "mail", "send", 2)]);
    expect(journal.effects("mail").map(({ round, outcome }) => [round, outcome])).toEqual([
      [1, "sent before"],
      [2, "sent again"],
    ]);
  });
});

describe("names", () => {
  it("are refused for two effects of one attempt", async () => {
    const own = attempt(memoryJournal());
    const { effect, keys } = counted();
    await own.effect(effect);
    await expect(own.effect(effect)).rejects.toMatchObject({ code: "TASK_FAILED" });
    expect(keys).toHaveLength(1);
  });

  it("may be used again when the effect did not happen", async () => {
    const own = attempt(memoryJournal());
    const { effect } = counted(coded("ECONNREFUSED"), "sent");
    await expect(own.effect(effect)).rejects.toThrow("ECONNREFUSED");
    expect(await own.effect(effect)).toBe("sent");
  });
});

describe("an effect that is known to be done or not done", () => {
  it("is answered from its record", async () => {
    const journal = await left("DONE");
    const { effect, keys } = counted();
    expect(await attempt(journal).effect(effect)).toBe("sent before");
    expect(keys).toEqual([]);
  });

  it("is caused again when it did not happen", async () => {
    const journal = memoryJournal();
    const { effect, keys } = counted(coded("ECONNREFUSED"));
    await expect(attempt(journal).effect(effect)).rejects.toThrow("ECONNREFUSED");
    expect(record(journal)).toMatchObject({ status: "NOT_DONE", reason: "ECONNREFUSED" });
    expect(await attempt(journal).effect(effect)).toBe("sent");
    expect(keys).toHaveLength(2);
    expect(record(journal)).toMatchObject({ status: "DONE", wasUncertain: false });
    expect(journal.events()).toEqual([]);
  });
});

describe.each(["INTENDED", "UNCERTAIN"] as const)("an effect left %s", (status) => {
  it("is answered by a probe that says done", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    const probed: string[] = [];
    const outcome = await attempt(journal).effect({
      ...effect,
      async probe(key) {
        probed.push(key);
        return { done: true, outcome: "found" };
      },
    });
    expect([outcome, keys, probed]).toEqual(["found", [], [record(journal).key]]);
    expect(record(journal)).toMatchObject({
      status: "DONE",
      outcome: "found",
      reason: "probe",
      wasUncertain: true,
      intendedAt: EARLIER,
      settledAt: AT,
    });
  });

  it("is caused after a probe that says not done", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    expect(await attempt(journal).effect({ ...effect, probe: notDone })).toBe("sent");
    expect(keys).toHaveLength(1);
    expect(record(journal)).toMatchObject({
      status: "DONE",
      reason: "probe: not done",
      wasUncertain: true,
    });
  });

  it("stays uncertain when the probe fails, whatever the policy", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    await expect(
      attempt(journal, "retry").effect({ ...effect, probe: unreachable }),
    ).rejects.toThrow("ECONNREFUSED");
    expect([keys, record(journal).status]).toEqual([[], "UNCERTAIN"]);
  });

  it("is caused again by the policy retry", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    expect(await attempt(journal, "retry").effect(effect)).toBe("sent");
    expect(keys).toHaveLength(1);
    expect(record(journal)).toMatchObject({
      status: "DONE",
      reason: "policy retry",
      wasUncertain: true,
    });
  });

  it("counts as done without an outcome by the policy skip", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    expect(await attempt(journal, "skip").effect({ ...effect, probe: silent })).toBeNull();
    expect(keys).toEqual([]);
    expect(record(journal)).toMatchObject({
      status: "DONE",
      outcome: null,
      reason: "policy skip",
      wasUncertain: true,
    });
  });

  it("waits for a person by the policy ask, who may say done", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({
      code: "EFFECT_UNCERTAIN",
    });
    expect(record(journal).status).toBe("UNCERTAIN");
    await answer(journal, "mail", "done", now);
    expect(record(journal)).toMatchObject({
      status: "DONE",
      reason: "person: done",
      outcome: null,
    });
    expect(await attempt(journal).effect(effect)).toBeNull();
    expect(keys).toEqual([]);
  });

  it("waits for a person by the policy ask, who may say not done", async () => {
    const journal = await left(status);
    const { effect, keys } = counted();
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({
      code: "EFFECT_UNCERTAIN",
    });
    await answer(journal, "mail", "not-done");
    expect(record(journal)).toMatchObject({ status: "NOT_DONE", reason: "person: not-done" });
    expect(await attempt(journal).effect(effect)).toBe("sent");
    expect(keys).toHaveLength(1);
    expect(record(journal)).toMatchObject({ status: "DONE", wasUncertain: true });
  });
});

it("an uncertain effect is told to listeners once", async () => {
  const journal = await left("INTENDED");
  const { effect } = counted(lostAnswer(), lostAnswer());
  await expect(attempt(journal).effect(effect)).rejects.toMatchObject({
    code: "EFFECT_UNCERTAIN",
  });
  await expect(attempt(journal, "retry").effect(effect)).rejects.toThrow("ECONNRESET");
  expect(journal.events()).toMatchObject([
    { type: "effect-uncertain", account: "acme", task: "mail", effect: "send" },
  ]);
});

/** An effect that hands over to a restart. */
const handingOver = (causes: string[], probe: Effect<string>["probe"]): Effect<string> => ({
  name: "send",
  endsProcess: true,
  cause: async (key) => {
    causes.push(key);
    throw new WranglerError("CANCELED", "The process hands over.");
  },
  ...(probe ? { probe } : {}),
});

describe("an effect that ends the process", () => {
  it("stands as intended when it does, and is nothing uncertain", async () => {
    const journal = memoryJournal();
    const causes: string[] = [];
    const effect = handingOver(causes, notDone);
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({ code: "CANCELED" });
    expect(causes).toHaveLength(1);
    expect(record(journal)).toMatchObject({ status: "INTENDED", wasUncertain: false });
  });

  it("is asked for by the next process, without a word to anyone", async () => {
    const journal = memoryJournal();
    const causes: string[] = [];
    await attempt(journal)
      .effect(handingOver(causes, found))
      .catch(() => undefined);
    expect(await attempt(journal).effect(handingOver(causes, found))).toBe("found");
    expect(causes).toHaveLength(1);
    expect(record(journal)).toMatchObject({ status: "DONE", reason: "probe", wasUncertain: false });
    expect(journal.events()).toEqual([]);
  });

  it("is settled by the task's policy where nobody can tell", async () => {
    const journal = memoryJournal();
    const causes: string[] = [];
    await attempt(journal)
      .effect(handingOver(causes, silent))
      .catch(() => undefined);
    expect(await attempt(journal, "skip").effect(handingOver(causes, silent))).toBeNull();
    expect(causes).toHaveLength(1);
  });
});

describe("an answer that is lost", () => {
  it("is probed for in the same attempt", async () => {
    const journal = memoryJournal();
    const { effect, keys } = counted(lostAnswer());
    expect(await attempt(journal).effect({ ...effect, probe: found })).toBe("found");
    expect(keys).toHaveLength(1);
    expect(statuses(journal)).toEqual(["INTENDED", "UNCERTAIN", "DONE"]);
  });

  it("asks a person by the policy ask, with what was thrown as the cause", async () => {
    const journal = memoryJournal();
    const thrown = lostAnswer();
    const { effect, keys } = counted(thrown);
    await expect(attempt(journal).effect(effect)).rejects.toMatchObject({
      code: "EFFECT_UNCERTAIN",
      cause: thrown,
    });
    expect(keys).toHaveLength(1);
  });

  it("is caused once more by the policy retry; a second loss is left to the task's retry", async () => {
    const journal = memoryJournal();
    const { effect, keys } = counted(lostAnswer(), lostAnswer(), "sent");
    await expect(attempt(journal, "retry").effect(effect)).rejects.toThrow("ECONNRESET");
    expect([keys.length, record(journal).status]).toEqual([2, "UNCERTAIN"]);
    expect(await attempt(journal, "retry").effect(effect)).toBe("sent");
    expect(keys).toHaveLength(3);
  });

  it("leaves the record to the next attempt when this one has ended", async () => {
    const journal = memoryJournal();
    const ending = new AbortController();
    let probes = 0;
    const effect: Effect<string> = {
      name: "send",
      async cause() {
        ending.abort(new WranglerError("CANCELED"));
        throw lostAnswer();
      },
      async probe() {
        probes++;
        return undefined;
      },
    };
    await expect(attempt(journal, "skip", ending.signal).effect(effect)).rejects.toThrow(
      "ECONNRESET",
    );
    expect([record(journal).status, probes]).toEqual(["UNCERTAIN", 0]);
    expect(await attempt(journal, "skip").effect(effect)).toBeNull();
    expect(probes).toBe(1);
  });

  it("is no loss when the effect itself knows that it did not happen", async () => {
    const journal = memoryJournal();
    const { effect } = counted(lostAnswer());
    const own = attempt(journal, "retry");
    await expect(own.effect({ ...effect, mayHaveHappened: () => false })).rejects.toThrow(
      "ECONNRESET",
    );
    expect(record(journal)).toMatchObject({ status: "NOT_DONE", wasUncertain: false });
  });
});

/** The first attempt's cause fails with this when the second attempt has settled the effect. */
async function late(error: Error) {
  const journal = memoryJournal();
  const own = attempt(journal);
  let fail: ((error: Error) => void) | undefined;
  let slow: Promise<unknown> | undefined;
  await new Promise<void>((begun) => {
    const cause = () =>
      new Promise<string>((_resolve, reject) => {
        fail = reject;
        begun();
      });
    slow = own.effect({ name: "send", cause });
  });
  const { effect } = counted("sent by the second");
  expect(await attempt(journal, "retry").effect(effect)).toBe("sent by the second");
  fail?.(error);
  return { journal, slow };
}

describe("a given-up attempt whose cause ends late", () => {
  const settled = { status: "DONE", outcome: "sent by the second", wasUncertain: true };

  it("does not undo what a later one settled", async () => {
    const { journal, slow } = await late(coded("EACCES"));
    await expect(slow).rejects.toThrow("EACCES");
    expect(record(journal)).toMatchObject(settled);
  });

  it("is answered by what a later one settled when its own answer is lost", async () => {
    const { journal, slow } = await late(lostAnswer());
    expect(await slow).toBe("sent by the second");
    expect(record(journal)).toMatchObject(settled);
    expect(statuses(journal)).toEqual(["INTENDED", "UNCERTAIN", "INTENDED", "DONE"]);
  });
});

describe("a person's answer", () => {
  it("settles what is open in the latest round and nothing else", async () => {
    const journal = await left("UNCERTAIN");
    await journal.commit({
      effects: [
        { ...record(journal), round: 2 },
        { ...record(journal), round: 2, effect: "log", status: "DONE", outcome: 1 },
      ],
    });
    const settled = await answer(journal, "mail", "done");
    expect(settled.map(({ effect, round }) => [effect, round])).toEqual([["send", 2]]);
    expect(journal.effects("mail").map(({ status }) => status)).toEqual([
      "UNCERTAIN",
      "DONE",
      "DONE",
    ]);
  });

  it("is refused where nothing is uncertain", async () => {
    const journal = await left("DONE");
    await expect(answer(journal, "mail", "done")).rejects.toMatchObject({ code: "USAGE" });
    await expect(answer(journal, "other", "done")).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("by its error an effect", () => {
  it.each([
    ["a lost connection", lostAnswer(), true],
    ["a time limit", new WranglerError("TASK_TIMEOUT"), true],
    ["a canceled run", new WranglerError("CANCELED"), true],
    ["fetch's own time limit", new DOMException("late", "TimeoutError"), true],
    ["a broken pipe within a fetch", new TypeError("x", { cause: coded("EPIPE") }), true],
    ["no connection", coded("ECONNREFUSED"), false],
    ["no connection within a fetch", new TypeError("x", { cause: coded("ECONNREFUSED") }), false],
    ["an unknown name", coded("ENOTFOUND"), false],
    ["an unreachable host", coded("EHOSTUNREACH"), false],
    ["a refused certificate", coded("ERR_TLS_CERT_ALTNAME_INVALID"), false],
    ["a file that is not there", coded("ENOENT"), false],
    ["any other error", new Error("no"), false],
  ])("of %s may have happened: %s → %s", (_name, error, expected) => {
    expect(mayHaveHappened(error)).toBe(expected);
  });
});
