import { z } from "zod";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../../src/core/index.ts";
import {
  builtInKinds,
  defineTaskKind,
  type PrepareRequest,
  type TaskContext,
  type TaskKind,
  taskKind,
  taskKinds,
} from "../../../src/tasks/index.ts";

const kindNamed = (name: string): TaskKind => taskKind(name)!;

function isMap<Map extends object>(node: Map | boolean): node is Map {
  return typeof node === "object";
}

/** Run a kind with options as they stand in a file; what it asks of its ports is noted. */
async function ran(name: string, options: unknown) {
  const asked: unknown[] = [];
  const kind = kindNamed(name);
  const context: TaskContext<unknown> = {
    options: kind.options.parse(options),
    runId: "run-1",
    workflow: "daily",
    account: "acme",
    task: "own",
    attempt: 1,
    scheduledAt: "2026-03-01T10:00:00.000Z",
    timeZone: "UTC",
    configFolder: "/config",
    folder: "/config/work/own",
    signal: new AbortController().signal,
    log: silentLog,
    ports: {
      async prepare(request: PrepareRequest) {
        asked.push(request);
        return { files: ["/out/a.csv"] };
      },
      async workflow(other) {
        asked.push(other);
        return { inner: 1 };
      },
      handOver: () => Promise.reject(new Error("This task asks for nothing.")),
    },
    effect: (effect) => effect.cause("key", new AbortController().signal),
  };
  return { results: await kind.run(context), asked };
}

describe("built-in kinds", () => {
  it("are registered when the tasks are imported", () => {
    expect(taskKinds()).toEqual(builtInKinds.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
    expect(taskKinds().map(({ name }) => name)).toEqual([
      "apply",
      "archive",
      "command",
      "download",
      "email",
      "excel",
      "generate",
      "module",
      "notify",
      "prepare",
      "profile",
      "rank",
      "restart",
      "score",
      "validate",
      "workflow",
    ]);
  });

  it.each(builtInKinds.map((kind) => [kind.name, kind] as const))(
    "describe themselves, their options and their results: %s",
    (_name, { description, options, results }) => {
      const schema = z.toJSONSchema(options, { io: "input" });
      // Options may have several forms.
      const forms = (schema.oneOf ?? schema.anyOf ?? [schema]).filter((form) => isMap(form));
      for (const form of forms) expect(form.additionalProperties).toBe(false);
      const described = forms
        .flatMap((form) => Object.values(form.properties ?? {}))
        .map((node) => (isMap(node) ? node.description : undefined));
      for (const text of [description, ...Object.values(results ?? {}), ...described]) {
        expect(text).toMatch(/^[A-Z`].*\.$/);
      }
    },
  );

  it.each(builtInKinds.map((kind) => [kind.name, kind.options] as const))(
    "refuse options that they do not know: %s",
    (_name, options) => {
      const codes = options.safeParse({ nonsense: 1 }).error?.issues.map(({ code }) => code);
      expect(codes).toContain("unrecognized_keys");
    },
  );
});

describe("kinds of a user", () => {
  const own: TaskKind<{ text: string }> = {
    name: "shout",
    description: "Shouts.",
    options: z.strictObject({ text: z.string() }),
    run: async ({ options }) => ({ said: options.text.toUpperCase() }),
  };

  it("are usable once they are defined, and may be defined again as the same", async () => {
    expect(defineTaskKind(own)).toBe(own);
    expect(defineTaskKind(own)).toBe(own);
    expect((await ran("shout", { text: "hey" })).results).toEqual({ said: "HEY" });
  });

  it("are refused under a name that is taken", () => {
    const clash = { ...own, name: "prepare" };
    expect(() => defineTaskKind(clash)).toThrow(
      expect.objectContaining({ code: "MODULE_INVALID" }),
    );
    expect(kindNamed("prepare").description).not.toBe("Shouts.");
  });
});

describe("prepare and its stages", () => {
  it.each([
    ["prepare", "apply"],
    ["profile", "profiling"],
    ["generate", "transformation"],
    ["validate", "validation"],
    ["score", "scoring"],
    ["rank", "ranking"],
    ["apply", "apply"],
  ])("as %s go up to %s", async (name, upTo) => {
    expect(await ran(name, {})).toEqual({
      results: { files: ["/out/a.csv"] },
      asked: [{ upTo }],
    });
  });

  it("hand on datasets, the output, and inputs as absolute paths", async () => {
    const options = {
      datasets: ["orders"],
      inputs: ["in/**/*.csv", "../x.csv", "/data/y.csv"],
      output: "out",
    };
    expect((await ran("prepare", options)).asked).toEqual([
      {
        upTo: "apply",
        datasets: ["orders"],
        inputs: ["/config/in/**/*.csv", "/x.csv", "/data/y.csv"],
        output: "out",
      },
    ]);
    expect((await ran("profile", { inputs: "a.csv" })).asked).toEqual([
      { upTo: "profiling", inputs: ["/config/a.csv"] },
    ]);
  });

  it.each(["prepare", "profile", "apply"])(
    "%s reads the account's inputs unless it has its own",
    (name) => {
      const { usesInputs, heavy } = kindNamed(name);
      expect(heavy).toBe(true);
      expect([usesInputs?.({}), usesInputs?.({ inputs: "${tasks.a.files}" })]).toEqual([
        true,
        false,
      ]);
    },
  );
});

it("a nested workflow is asked for by its name and takes no place of limits", async () => {
  expect(await ran("workflow", { workflow: "cleanup" })).toEqual({
    results: { inner: 1 },
    asked: ["cleanup"],
  });
  expect(kindNamed("workflow").waits).toBe(true);
});

describe("options of a command", () => {
  const { options } = kindNamed("command");

  it("take a list, or a text for the shell", () => {
    expect(options.parse({ command: ["ls"] })).toMatchObject({ shell: false, killAfter: "5s" });
    expect(options.parse({ command: "ls | wc", shell: true })).toMatchObject({ shell: true });
  });

  it.each([
    [{ command: "ls -l" }, "a text needs shell: true"],
    [{ command: ["ls"], shell: true }, "expected one text"],
    [{ command: ["ls"], maxOutput: "10" }, "such as"],
    [{ command: ["ls"], killAfter: "5" }, "duration"],
  ])("refuse %j: %s", (given, message) => {
    expect(options.safeParse(given).error?.issues[0]?.message).toContain(message);
  });

  it("refuse an empty list", () => {
    expect(options.safeParse({ command: [] }).success).toBe(false);
  });
});
