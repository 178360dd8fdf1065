import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  checkConfig,
  loadSettings,
  selectAccounts,
  settingsFor,
} from "../../../src/config/index.ts";
import { Json, WranglerError } from "../../../src/core/index.ts";
import { DEFAULT_RETRY } from "../../../src/orchestration/index.ts";
import { defineTaskKind } from "../../../src/tasks/index.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
  file = join(folder, "pipeline.yaml");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(text: string, options: Partial<Parameters<typeof loadSettings>[1]> = {}) {
  await writeFile(file, text);
  return loadSettings(file, { env: {}, cwd: "/work-folder", ...options });
}

describe("loadSettings", () => {
  it("lays defaults, the top and the account over each other", async () => {
    const { accounts } = await load(`
quality: { weights: { economy: 0 } }
validation: { constraints: [{ kind: row_count, min: 1 }], riskTest: { seed: 7 } }
output: { folder: results, report: false }
accounts:
  - id: a
    inputs: x.csv
    quality: { weights: { validity: 9 } }
    validation: { constraints: [] }
    output: { formats: [csv] }
  - { id: b, inputs: y.csv, output: /elsewhere }
`);
    const [a, b] = accounts;
    expect(a?.quality.weights).toEqual({
      completeness: 2,
      validity: 9,
      consistency: 4,
      uniqueness: 1,
      economy: 0,
    });
    expect(a?.validation.constraints).toEqual([]);
    expect(a?.validation.riskTest).toMatchObject({ seed: 7, enabled: true });
    expect(a?.output).toEqual({ formats: ["csv"], report: false });
    expect(a?.outputFolder).toBe(join(folder, "results", "a"));
    expect(b?.validation.constraints).toEqual([{ kind: "row_count", min: 1, hard: true }]);
    expect(b?.output.report).toBe(false);
    expect(b?.outputFolder).toBe("/elsewhere/b");
  });

  it("makes paths absolute from the file's folder and names datasets apart", async () => {
    const settings = await load(`
modules: [own.js]
checkpoints: state
accounts:
  - id: a
    inputs:
      - d/orders-*.csv
      - { path: "d/2/orders.csv", encoding: latin-1 }
      - { name: Orders-3, paths: [a.csv, /abs/b.csv] }
      - d/3/orders.csv
`);
    expect(settings.modules).toEqual([join(folder, "own.js")]);
    expect(settings.checkpointsFolder).toBe(join(folder, "state"));
    expect(settings.accounts[0]?.inputs).toEqual([
      { name: "orders", paths: [join(folder, "d/orders-*.csv")], read: {} },
      { name: "orders-2", paths: [join(folder, "d/2/orders.csv")], read: { encoding: "latin-1" } },
      { name: "Orders-3", paths: [join(folder, "a.csv"), "/abs/b.csv"], read: {} },
      { name: "orders-4", paths: [join(folder, "d/3/orders.csv")], read: {} },
    ]);
  });

  it("keeps checkpoints in the working folder and a version as it is written", async () => {
    const settings = await load("pipeline: { version: 1.0 }\naccounts: [{ id: a, inputs: x }]");
    expect(settings.checkpointsFolder).toBe("/work-folder/checkpoints");
    expect(settings.pipeline).toEqual({ name: "pipeline", version: "1.0" });
    expect(settings.configPath).toBe(file);
  });

  it("follows anchors and merge keys", async () => {
    const settings = await load(`
accounts:
  - &base { id: a, inputs: x.csv, ranking: { topK: 3 } }
  - { <<: *base, id: b }
`);
    expect(settings.accounts.map(({ id, ranking }) => [id, ranking.topK])).toEqual([
      ["a", 3],
      ["b", 3],
    ]);
  });

  it("tells five mistakes of different kinds at once, in order, with their places", async () => {
    const text = `pipeline: { name: p }
profilng: { topValues: 3 }
ranking: { topK: 0, topK: 5 }
accounts:
  - id: con
    inputs: \${NOT_SET}/x.csv
  - id: b
`;
    await expect(load(text)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      details: {
        problems: [
          `${file}:2:1 profilng: unknown setting. Did you mean "profiling"?`,
          expect.stringMatching(/:3:21 this key stands twice in its map$/),
          expect.stringMatching(/:5:9 accounts\[0\]\.id: .*Windows.*got "con"$/),
          expect.stringMatching(
            /:6:13 accounts\[0\]\.inputs: environment variable NOT_SET is not set\.$/,
          ),
          expect.stringMatching(
            /:7:5 accounts\[1\]\.inputs: expected text, a list or a map, but it is missing; task "prepare" reads it$/,
          ),
        ],
      },
    });
  });

  it("tells of a broken YAML where it breaks", async () => {
    await expect(load("accounts:\n  - id: [a\n    inputs: x\n")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/pipeline\.yaml:[23]:\d+ /),
    });
  });

  it("never shows what came from the environment", async () => {
    const text = "accounts: [{ id: a, inputs: x, engine: { memoryLimit: '${SECRET}' } }]";
    await expect(load(text, { env: { SECRET: "hunter2" } })).rejects.toMatchObject({
      message: expect.not.stringContaining("hunter2"),
    });
  });

  it("needs the environment of the accounts asked for only", async () => {
    const text = "accounts: [{ id: a, inputs: '${A}.csv' }, { id: b, inputs: '${B}.csv' }]";
    const settings = await load(text, { env: { B: "/data/b" }, only: ["b"] });
    expect(settings.accounts.map(({ id }) => id)).toEqual(["b"]);
    await expect(load(text, { env: { B: "/data/b" } })).rejects.toThrow("variable A is not set");
  });

  it("refuses a file that is not there, or no text, or too clever", async () => {
    await expect(loadSettings(join(folder, "no.yaml"), { env: {} })).rejects.toMatchObject({
      code: "CONFIG_MISSING",
    });
    await expect(loadSettings(folder, { env: {} })).rejects.toMatchObject({
      code: "CONFIG_MISSING",
    });
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    await expect(loadSettings(file, { env: {} })).rejects.toThrow("UTF-8");
    const bomb = Array.from({ length: 9 }, (_, i) =>
      i === 0
        ? "a0: &a0 [x, x]"
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(", ")}]`,
    );
    await expect(load(bomb.join("\n"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

describe("selectAccounts", () => {
  it("keeps the file's order and names what it knows of a wrong id", async () => {
    const settings = await load("accounts: [{ id: acme, inputs: x }, { id: globex, inputs: y }]");
    expect(selectAccounts(settings, ["globex", "acme"]).accounts.map(({ id }) => id)).toEqual([
      "acme",
      "globex",
    ]);
    expect(() => selectAccounts(settings, ["acmee", "globex"])).toThrow(
      'got "acmee". Did you mean "acme"? Known: acme, globex.',
    );
  });
});

describe("settingsFor", () => {
  it("makes one account with the defaults for one file", () => {
    const settings = settingsFor({ input: "in/Big Orders.csv", output: "out", cwd: "/w" });
    expect(settings).toMatchObject({
      pipeline: { name: "Big-Orders", version: "1" },
      configPath: null,
      checkpointsFolder: "/w/checkpoints",
      accounts: [
        {
          id: "default",
          flat: true,
          outputFolder: "/w/out",
          inputs: [{ name: "Big-Orders", paths: ["/w/in/Big Orders.csv"], read: {} }],
        },
      ],
    });
  });
});

const fetching = "kind: load-test, url: x";
const taskOf = async (keys: string) => {
  const text = `accounts: [{ id: a }]\nlimits: { p: 1 }\nworkflows: { w: { tasks: { t: { ${fetching}, ${keys} } } } }`;
  const { workflows } = await load(text);
  return workflows[0]?.tasks[0];
};

defineTaskKind({
  name: "load-test",
  description: "For tests.",
  options: z.strictObject({ url: z.string(), more: Json.optional() }),
  run: () => Promise.resolve({}),
});

describe("workflows in settings", () => {
  it("are one that prepares when none is written", async () => {
    const settings = await load("accounts: [{ id: a, inputs: x }]");
    expect(settings).toMatchObject({
      configFolder: folder,
      workflow: "prepare",
      workflows: [{ name: "prepare", tasks: [{ id: "prepare", kind: "prepare", options: {} }] }],
      limits: { global: null, accounts: {}, kinds: {}, named: {} },
      retention: { keepMs: 30 * 86_400_000, keepRuns: 1_000 },
    });
    expect(settingsFor({ input: "x.csv", output: "out", cwd: "/w" }).workflows).toEqual(
      settings.workflows,
    );
  });

  it("have every default filled in", async () => {
    expect(await taskOf("more: [1]")).toEqual({
      id: "t",
      kind: "load-test",
      options: { url: "x", more: [1] },
      dependsOn: [],
      trigger: "all_success",
      critical: false,
      retry: DEFAULT_RETRY,
      at: null,
      windowMs: null,
      timeoutMs: null,
      totalTimeoutMs: null,
      queueTimeoutMs: null,
      graceMs: 10_000,
      limits: [],
      recover: [],
      onFailure: [],
      finally: [],
      uncertain: "ask",
    });
  });

  it("have limits, variables of accounts over those at the top, and what is kept", async () => {
    const settings = await load(`
maxParallel: 8
limits: { portal: 2 }
kindLimits: { load-test: 1 }
vars: { a: 1, b: { c: 2 } }
checkpoints: { keep: 1h30m, keepRuns: 5 }
accounts: [{ id: a, maxParallel: 3, vars: { b: x } }, { id: b }]
workflows: { w: { maxParallel: 4, deadline: 2h, tasks: { t: { ${fetching} } } } }
`);
    expect(settings.limits).toEqual({
      global: 8,
      accounts: { a: 3 },
      kinds: { "load-test": 1 },
      named: { portal: 2 },
    });
    expect(settings.accounts.map(({ vars }) => vars)).toEqual([
      { a: 1, b: "x" },
      { a: 1, b: { c: 2 } },
    ]);
    expect(settings.retention).toEqual({ keepMs: 5_400_000, keepRuns: 5 });
    expect(settings.workflows[0]).toMatchObject({
      maxParallel: 4,
      deadlineMs: 7_200_000,
      onCriticalFailure: "cancel",
    });
    expect(settings.checkpointsFolder).toBe("/work-folder/checkpoints");
  });

  it("say how often is tried again: by a number, a policy, or classes", async () => {
    const network = DEFAULT_RETRY.byClass.NetworkError!;
    expect((await taskOf("retry: 4"))?.retry).toEqual({
      default: { ...network, attempts: 4 },
      byClass: {},
    });
    expect((await taskOf("retry: { backoff: fixed, initial: 2s, maxElapsed: 1m }"))?.retry).toEqual(
      {
        default: { ...network, backoff: "fixed", initialMs: 2_000, maxElapsedMs: 60_000 },
        byClass: {},
      },
    );
    expect((await taskOf("retry: { FileSystemError: 2 }"))?.retry).toEqual({
      default: DEFAULT_RETRY.default,
      byClass: { ...DEFAULT_RETRY.byClass, FileSystemError: { ...network, attempts: 2 } },
    });
    expect((await taskOf("retry: { TimeoutError: { max: 5s }, default: 1 }"))?.retry).toEqual({
      default: { ...network, attempts: 1 },
      byClass: { TimeoutError: { ...network, maxMs: 5_000 } },
    });
  });

  it("say how to recover, with steps from a command alone", async () => {
    const task = await taskOf(
      `recover: [{ on: ApplicationError, do: restart, command: [a, b] }, { on: [FileSystemError], do: alternative, options: [{ url: y }] }, { on: InputError, do: retry, retry: 2 }, { on: InternalError, do: stop }], finally: [{ kind: load-test, url: z, timeout: 5s }]`,
    );
    expect(task?.recover).toEqual([
      {
        do: "restart",
        on: ["ApplicationError"],
        steps: [{ kind: "command", options: { command: ["a", "b"] }, timeoutMs: null }],
        times: 1,
      },
      { do: "alternative", on: ["FileSystemError"], options: [{ url: "y" }] },
      { do: "retry", on: ["InputError"], retry: expect.objectContaining({ attempts: 2 }) },
      { do: "stop", on: ["InternalError"] },
    ]);
    expect(task?.finally).toEqual([{ kind: "load-test", options: { url: "z" }, timeoutMs: 5_000 }]);
  });

  it("keep references and literals for the time when the task starts", async () => {
    const text = `accounts: [{ id: a }]
workflows: { w: { tasks: { t: { kind: load-test, url: "\${HOST}/\${run.id}/$\${x}" } } } }`;
    const { workflows } = await load(text, { env: { HOST: "h" } });
    expect(workflows[0]?.tasks[0]?.options).toEqual({ url: "h/${run.id}/$${x}" });
  });
});

const several = (...names: string[]) =>
  `accounts: [{ id: a }]\nworkflows:\n${names.map((name) => `  ${name}: { tasks: { t: { ${fetching} } } }\n`).join("")}`;

describe("the workflow to run", () => {
  it("is the one asked for, the only one, or `default`", async () => {
    expect((await load(several("daily", "weekly"), { workflow: "weekly" })).workflow).toBe(
      "weekly",
    );
    expect((await load(several("daily"))).workflow).toBe("daily");
    expect((await load(several("daily", "default"))).workflow).toBe("default");
    expect((await load(several("daily", "weekly"), { workflow: null })).workflows).toHaveLength(2);
  });

  it("must be known and clear", async () => {
    await expect(load(several("daily", "weekly"))).rejects.toMatchObject({
      code: "WORKFLOW_UNKNOWN",
      message: expect.stringContaining("Known: daily, weekly."),
    });
    await expect(load(several("daily"), { workflow: "dayly" })).rejects.toMatchObject({
      code: "WORKFLOW_UNKNOWN",
      message: expect.stringContaining('got "dayly". Did you mean "daily"?'),
    });
  });
});

const ofModule = {
  name: "of-a-module",
  description: "For tests.",
  options: z.strictObject({ x: z.string() }),
  run: () => Promise.resolve({}),
};

const usingModules = (kind: string, modules = "[a.js, b.js]") =>
  `modules: ${modules}\naccounts: [{ id: a }]\nworkflows: { w: { tasks: { t: { kind: ${kind}, x: 1 } } } }`;

/** What no test below should reach. */
const failToLoad = () => Promise.reject(new Error("loaded"));

/** Loads all but c.js as the tool itself does. */
const importModule = async (path: string) => {
  if (path.endsWith("c.js")) return;
  const cause = await import(path).catch((error: unknown) => error);
  throw new WranglerError("MODULE_INVALID", "It failed.", {}, { cause });
};

describe("user modules", () => {
  it("are loaded in order before kinds are checked", async () => {
    const loaded: string[] = [];
    const loadModule = (path: string) => {
      loaded.push(path);
      if (path.endsWith("b.js")) defineTaskKind(ofModule);
      return Promise.resolve();
    };
    await expect(load(usingModules("of-a-module"), { loadModule })).rejects.toMatchObject({
      message: expect.stringContaining("tasks.t.x: expected text, got 1"),
    });
    expect(loaded).toEqual([join(folder, "a.js"), join(folder, "b.js")]);
    await expect(load(usingModules("of-a-modul"), { loadModule })).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean "of-a-module"?'),
    });
  });

  it("that cannot be loaded are told at their place, beside all else", async () => {
    await writeFile(join(folder, "b.js"), "throw new Error('no licence');");
    const text = usingModules("not-known", "[a.js, b.js, c.js]");
    await expect(load(`${text}\nprofilng: {}`, { loadModule: importModule })).rejects.toMatchObject(
      {
        code: "CONFIG_INVALID",
        details: {
          problems: [
            `${file}:1:11 modules[0]: ${join(folder, "a.js")} cannot be loaded: there is no such file`,
            `${file}:1:17 modules[1]: ${join(folder, "b.js")} cannot be loaded: no licence`,
            expect.stringContaining(":4:1 profilng: unknown setting."),
          ],
        },
      },
    );
  });

  it("are not loaded from a section with mistakes", async () => {
    await expect(
      load(usingModules("x", "[1, '${NOWHERE}']"), { loadModule: failToLoad }),
    ).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      details: {
        problems: [
          expect.stringContaining("modules[0]: expected text, got 1"),
          expect.stringContaining("modules[1]: environment variable NOWHERE is not set"),
        ],
      },
    });
  });
});

const withTask = (first: string) => `accounts: [{ id: a }]
vars: { m: x.js }
workflows:
  w:
    tasks:
      here: { kind: module, path: here.js }
      later: { kind: module, path: "\${vars.m}" }
      gone: ${first}
`;

describe("files that tasks name", () => {
  it("are looked for before anything runs, unless a reference names them", async () => {
    await writeFile(join(folder, "here.js"), "");
    const gone = `{ kind: module, path: gone.js, recover: [{ on: InputError, do: alternative, options: [{ path: here.js }, { path: sub/no.js }] }], finally: [{ kind: module, path: no.js }] }`;
    await expect(load(withTask(gone))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      details: {
        problems: [
          `${file}:8:35 workflows.w.tasks.gone.path: expected a file, but there is none: ${join(folder, "gone.js")}`,
          expect.stringMatching(/gone\.recover\[0\]\.options\[1\]\.path: .*\/sub\/no\.js$/),
          expect.stringMatching(/gone\.finally\[0\]\.path: .*\/no\.js$/),
        ],
      },
    });
    await expect(load(withTask("{ kind: module, path: here.js }"))).resolves.toBeDefined();
  });
});

describe("references that are none", () => {
  it("are told once", async () => {
    const text = `accounts: [{ id: a }]
workflows: { w: { tasks: { t: { kind: load-test, url: "\${task.a.x} \${run.name}" } } } }`;
    await expect(load(text)).rejects.toMatchObject({
      details: {
        problems: [
          expect.stringMatching(
            /tasks\.t\.url: expected \$\{NAME\} or a reference .*got "\$\{task\.a\.x\}"/,
          ),
          expect.stringContaining("${run.name}: expected ${run.id} or ${run.scheduledAt}"),
        ],
      },
    });
  });
});

describe("checkConfig", () => {
  it("counts what is there, whichever workflow may be run", async () => {
    await writeFile(
      file,
      `accounts: [{ id: a }, { id: b }]
workflows:
  one: { tasks: { s: { ${fetching} }, t: { ${fetching}, dependsOn: s } } }
  two: { tasks: { t: { ${fetching} } } }
`,
    );
    expect(await checkConfig(file, { env: {} })).toEqual({
      configPath: file,
      accounts: ["a", "b"],
      workflows: [
        { name: "one", tasks: 2, dependencies: 1 },
        { name: "two", tasks: 1, dependencies: 0 },
      ],
    });
  });

  it("tells every mistake of a workflow with its line", async () => {
    await writeFile(
      file,
      `accounts: [{ id: a }]
workflows:
  one:
    tasks:
      s: { ${fetching}, dependsOn: u }
      t: { ${fetching}, dependsOn: s, url2: y }
      u: { ${fetching}, dependsOn: t, retry: 0 }
      u: { ${fetching} }
`,
    );
    await expect(checkConfig(file, { env: {} })).rejects.toMatchObject({
      details: {
        problems: expect.arrayContaining([
          expect.stringMatching(/:6:\d+ .*t\.url2: unknown setting/),
          expect.stringMatching(/:8:7 this key stands twice/),
        ]),
      },
    });
  });
});
