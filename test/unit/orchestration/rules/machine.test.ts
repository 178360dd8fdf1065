import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isSettled,
  mayBecome,
  tally,
  TaskStatus,
  workflowStatus,
} from "../../../../src/orchestration/index.ts";

/** What is known of a task by the model: nothing of its statuses. */
interface Model {
  begun: boolean;
  over: "no" | "well" | "badly";
}

interface Task {
  status: TaskStatus;
}

/** An event in a task's life: when it can happen, what it means, and the status it brings. */
class Event implements fc.Command<Model, Task> {
  readonly #name: string;
  readonly #can: (model: Model) => boolean;
  readonly #then: Model;
  readonly #to: TaskStatus;

  constructor(name: string, can: (model: Model) => boolean, then: Model, to: TaskStatus) {
    this.#name = name;
    this.#can = can;
    this.#then = then;
    this.#to = to;
  }

  check(model: Readonly<Model>): boolean {
    return this.#can(model);
  }

  run(model: Model, task: Task): void {
    if (!mayBecome(task.status, this.#to)) throw new Error(`${task.status} → ${this.#to}`);
    task.status = this.#to;
    Object.assign(model, this.#then);
    if (isSettled(task.status) !== (model.over !== "no")) throw new Error(`at ${task.status}`);
  }

  toString(): string {
    return this.#name;
  }
}

const open = ({ over }: Model) => over === "no";
const running = (model: Model) => open(model) && model.begun;
const unbegun = (model: Model) => open(model) && !model.begun;
const ended = { begun: false, over: "badly" } as const;

const EVENTS = [
  new Event("starts or goes on", open, { begun: true, over: "no" }, "IN_PROGRESS"),
  new Event("succeeds", running, { begun: false, over: "well" }, "COMPLETED"),
  new Event("is taken over", unbegun, { begun: false, over: "well" }, "COMPLETED"),
  new Event("fails", open, ended, "FAILED"),
  new Event("is canceled", open, ended, "CANCELED"),
  new Event("is skipped", unbegun, ended, "SKIPPED"),
  new Event(
    "is run again",
    ({ over }) => over === "badly",
    { begun: false, over: "no" },
    "NOT_STARTED",
  ),
];

function unborn(): { model: Model; real: Task } {
  return { model: { begun: false, over: "no" }, real: { status: "NOT_STARTED" } };
}

describe("mayBecome", () => {
  test("allows every life of a task", () => {
    const lives = fc.commands(
      EVENTS.map((event) => fc.constant(event)),
      { maxCommands: 40 },
    );
    const every = fc.property(lives, (life) => fc.modelRun(unborn, life));
    expect(fc.check(every)).toMatchObject({ failed: false, counterexample: null });
  });

  test("a walk along allowed steps never leaves COMPLETED and leaves other ends only for a new round", () => {
    const walks = fc.array(fc.constantFrom(...TaskStatus.options), { maxLength: 60 });
    fc.assert(
      fc.property(walks, (wanted) => {
        const walk: TaskStatus[] = ["NOT_STARTED"];
        for (const next of wanted) if (mayBecome(walk.at(-1)!, next)) walk.push(next);
        const steps = walk.slice(1).map((to, i) => [walk[i]!, to] as const);
        const fromEnds = steps.filter(([from]) => isSettled(from));
        expect(walk.slice(0, -1)).not.toContain("COMPLETED");
        expect(fromEnds.every(([, to]) => to === "NOT_STARTED")).toBe(true);
        expect(steps).not.toContainEqual(["IN_PROGRESS", "SKIPPED"]);
      }),
    );
  });

  test("what began does not become unbegun, and an end is not written twice", () => {
    expect(mayBecome("IN_PROGRESS", "NOT_STARTED")).toBe(false);
    expect(mayBecome("WAITING", "NOT_STARTED")).toBe(false);
    for (const status of TaskStatus.options.filter(isSettled)) {
      expect([status, mayBecome(status, status)]).toEqual([status, false]);
    }
  });

  test("a pause can be entered from work and left to work", () => {
    expect(mayBecome("IN_PROGRESS", "WAITING")).toBe(true);
    expect(mayBecome("WAITING", "IN_PROGRESS")).toBe(true);
    expect(mayBecome("WAITING", "COMPLETED")).toBe(false);
  });
});

test.each<[TaskStatus[], string]>([
  [[], "COMPLETED"],
  [["COMPLETED", "SKIPPED"], "COMPLETED"],
  [["SKIPPED"], "COMPLETED"],
  [["COMPLETED", "CANCELED"], "CANCELED"],
  [["CANCELED", "FAILED", "SKIPPED"], "FAILED"],
  [["FAILED", "WAITING"], "WAITING"],
  [["FAILED", "NOT_STARTED"], "WAITING"],
  [["CANCELED", "IN_PROGRESS"], "WAITING"],
])("tasks %o make the workflow %s", (statuses, expected) => {
  expect(workflowStatus(statuses)).toBe(expected);
});

test("a tally counts each status that occurs", () => {
  expect(tally(["FAILED", "COMPLETED", "FAILED"])).toEqual({ FAILED: 2, COMPLETED: 1 });
  expect(tally([])).toEqual({});
});
