import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkFile } from "../../../src/config/check.ts";
import { SourceDocument } from "../../../src/config/document.ts";
import { printPath } from "../../../src/config/problems.ts";
import { defineTaskKind } from "../../../src/tasks/index.ts";

const run = () => Promise.resolve({});

defineTaskKind({
  name: "fetch-test",
  description: "Gets files.",
  options: z.strictObject({
    url: z.string().regex(/^https:/, "expected an https address"),
    parts: z.int().min(1).default(1),
    names: z.union([z.string(), z.array(z.string())]).optional(),
    folder: z.strictObject({ path: z.string(), deep: z.boolean().default(false) }).optional(),
  }),
  results: { files: "Paths of the files." },
  run,
});
defineTaskKind({
  name: "read-test",
  description: "Reads the inputs.",
  options: z.strictObject({ inputs: z.union([z.string(), z.array(z.string())]).optional() }),
  usesInputs: (options) => !(typeof options === "object" && options && "inputs" in options),
  run,
});

defineTaskKind({
  name: "few-test",
  description: "Takes two or three names.",
  options: z.strictObject({ names: z.array(z.string()).min(2).max(3) }),
  run,
});

interface Parts {
  readonly top?: string;
  readonly account?: string;
}

/** Problems of tasks as they stand in a workflow `w`, as `line:column path: text`. */
function problemsIn(tasks: string, { top = "", account = "id: a" }: Parts = {}): string[] {
  const indented = tasks.replaceAll("\n", "\n      ");
  return problemsOf(
    `accounts: [{ ${account} }]\n${top}\nworkflows:\n  w:\n    tasks:\n      ${indented}\n`,
  );
}

function problemsOf(text: string, complete = true): string[] {
  const source = new SourceDocument(text);
  return checkFile(source.toValue(), source, complete).problems.map(
    ({ line, column, path, text: said }) => `${line}:${column} ${printPath(path)}: ${said}`,
  );
}

const nest = (name: string) => `{ tasks: { t: { kind: workflow, workflow: ${name} } } }`;

/** Two accounts, the second with what is given, and a task that takes `vars.u`. */
const twoAccounts = (second: string) => `accounts:
  - { id: a, vars: { u: 1 } }
  - { id: b, ${second} }
workflows: { w: { tasks: { t: { kind: fetch-test, url: "\${vars.u}" } } } }`;

/** A task that takes two or three names. */
const few = (names: string) =>
  problemsIn(`a: { kind: few-test, names: ${names} }`, { top: "vars: { u: [x, y] }" });

const get = "{ kind: fetch-test, url: https://x";

describe("a workflow that holds", () => {
  it("has nothing wrong, with every common key in use", () => {
    const text = `
maxParallel: 8
limits: { portal: 2 }
kindLimits: { fetch-test: 1 }
vars: { portal: "https://p" }
checkpoints: { folder: state, keep: 30d, keepRuns: 1000 }
workflows:
  daily:
    maxParallel: 4
    deadline: 2h
    onCriticalFailure: finish
    tasks:
      a:
        kind: fetch-test
        url: \${vars.portal}/a
        timeout: 30m
        totalTimeout: 2h
        queueTimeout: 10m
        grace: 0s
        limits: [portal]
        retry: { attempts: 3, backoff: exponential, initial: 1s, factor: 2, max: 60s, jitter: full, maxElapsed: 10m }
      b:
        kind: read-test
        inputs: "\${tasks.a.files}"
        dependsOn: a
        limits: portal
        retry: { NetworkError: { attempts: 5 }, default: 1 }
        critical: true
        uncertain: skip
        recover:
          - { on: ApplicationError, do: restart, steps: [{ kind: fetch-test, url: "https://y", timeout: 1m }], times: 2 }
          - { on: [FileSystemError, NetworkError], do: alternative, options: [{ inputs: x }, { inputs: y }] }
          - { on: TimeoutError, do: retry, retry: 4 }
          - { on: [ResourceError], do: stop }
          - { on: InputError, do: continue }
        finally: [{ kind: fetch-test, url: "https://\${run.id}/\${account.id}" }]
        onFailure: [{ kind: fetch-test, url: "\${tasks.a.error}" }]
      c: { kind: fetch-test, url: https://z, dependsOn: [a, b], trigger: { atLeast: 1 }, retry: 3 }
accounts:
  - { id: a, maxParallel: 2, vars: { more: [1, { x: true }] } }
`;
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("shapes of common keys", () => {
  it.each([
    ["timeout: 5", 'a.timeout: expected a duration such as "30s", "5m" or "2h", got 5'],
    ["grace: [1s]", 'a.grace: expected a duration such as "30s", "5m" or "2h", got a list'],
    ["retry: { initial: 5 }", 'a.retry.initial: expected a duration such as "30s"'],
    [
      "retry: { NetworkError: { max: 5 } }",
      "a.retry.NetworkError.max: expected a duration such as",
    ],
    ["timeout: 0s", "a.timeout: expected a duration longer than 0s"],
    ["totalTimeout: 5 min", 'a.totalTimeout: expected a duration such as "30s"'],
    ["critical: yes", 'a.critical: expected true or false, got "yes"'],
    ["trigger: all_sucess", 'got "all_sucess". Did you mean "all_success"?'],
    ["trigger: { atLeast: 0 }", "a.trigger.atLeast: expected at least 1, got 0"],
    ["trigger: { atLeast: 1, of: 2 }", "a.trigger.of: unknown setting. Known here: atLeast."],
    ["retry: 0", "a.retry: expected at least 1, got 0"],
    ["retry: often", "a.retry: expected a number or a map"],
    ["retry: { atempts: 3 }", 'a.retry.atempts: unknown setting. Did you mean "attempts"?'],
    ["retry: { NetworkError: { max: x } }", "a.retry.NetworkError.max: expected a duration"],
    ["retry: { attempts: 3, NetworkError: 2 }", "a.retry: expected either one policy or policies"],
    ["recover: [{ on: NetworkEror, do: stop }]", 'Did you mean "NetworkError"?'],
    ["recover: [{ on: [NetworkEror], do: stop }]", 'recover[0].on[0]: expected "NetworkError"'],
    ["recover: [{ on: NetworkError, do: restrt }]", 'Did you mean "restart"?'],
    [
      "recover: [{ on: NetworkError, do: restart }]",
      "a.recover[0]: expected either command or steps",
    ],
    ["finally: { kind: x }", "a.finally: expected a list, got a map"],
    ["uncertain: maybe", 'a.uncertain: expected "retry", "skip" or "ask", got "maybe"'],
    ["limits: portl", 'a.limits: expected a known limit, got "portl". Did you mean "portal"?'],
    ["limits: [portal, disk]", 'a.limits[1]: expected a known limit, got "disk". Define it'],
  ])("says of `%s`: %s", (key, said) => {
    const problems = problemsIn(`a: ${get}, ${key} }`, { top: "limits: { portal: 1 }" });
    expect(problems).toEqual([expect.stringContaining(said)]);
  });

  it("tells of rules over several keys also when one of them is wrong by itself", () => {
    const rule = "{ on: NetworkEror, do: restart, tims: 1 }";
    const retry = "{ attempts: x, NetworkError: 2 }";
    const problems = problemsIn(`a: ${get}, retry: ${retry}, recover: [${rule}] }
b: { kind: command, command: ls -l, expectedExitCodes: x }
c: { kind: command, command: [ls], shell: perhaps }`);
    expect(problems.map((text) => text.replace(/^\S+ workflows\.w\.tasks\./, ""))).toEqual([
      expect.stringContaining('a.retry.attempts: expected a number, got "x"'),
      expect.stringContaining("a.retry: expected either one policy or policies by class"),
      expect.stringContaining('a.recover[0].on: expected "NetworkError"'),
      expect.stringContaining("a.recover[0].tims: unknown setting"),
      "a.recover[0]: expected either command or steps",
      expect.stringContaining("b.expectedExitCodes: expected a list"),
      expect.stringContaining("b.command: expected a list of the program and its arguments"),
      expect.stringContaining("c.shell: expected true or false"),
    ]);
  });

  it("keeps results and secrets out of texts that a shell or a template reads", () => {
    const problems = problemsIn(`a: ${get} }
b: { kind: command, shell: true, command: "echo \${tasks.a.files} \${account.id}", dependsOn: a, env: { X: "\${tasks.a.files}" } }
c: { kind: command, command: [echo, "\${tasks.a.files}"], dependsOn: a }`);
    expect(problems).toEqual([
      expect.stringContaining(
        "b.command: expected no reference to tasks here, since what it stands for would be read as part of the text",
      ),
    ]);
  });

  it("needs a task in a workflow and a workflow in `workflows`", () => {
    expect(problemsOf("accounts: [{ id: a }]\nworkflows: { w: { tasks: {} } }")).toEqual([
      "2:26 workflows.w.tasks: expected at least one task",
    ]);
    expect(problemsOf("accounts: [{ id: a }]\nworkflows: {}")).toEqual([
      "2:12 workflows: expected at least one workflow",
    ]);
  });
});

describe("names", () => {
  it("must be folder names that differ in more than letter case", () => {
    const problems = problemsIn(`a/b: ${get} }\nUp: ${get} }\nup: ${get} }`);
    expect(problems).toEqual([
      `6:7 workflows.w.tasks.a/b: a task's name is a folder's name: expected only letters, digits, ".", "_" and "-", not "/", got "a/b"`,
      `8:7 workflows.w.tasks.up: a task's name is a folder's name: expected one that differs from "Up" in more than letter case`,
    ]);
    expect(
      problemsOf(`accounts: [{ id: a }]\nworkflows: { ../w: { tasks: { a: ${get} } } } }`),
    ).toEqual([
      expect.stringContaining("2:14 workflows.../w: a workflow's name is a folder's name"),
    ]);
  });
});

describe("names that are numbers", () => {
  it("are refused, since they would not keep the order of the file", () => {
    expect(
      problemsIn(`b: ${get} }\n2: ${get}, dependsOn: b }\n"1": ${get} }\n1.5: ${get} }`),
    ).toEqual([
      '8:7 workflows.w.tasks.1: a task\'s name needs a letter: of names that are numbers the order of the file is lost, got "1"',
      expect.stringContaining("7:7 workflows.w.tasks.2: a task's name needs a letter"),
    ]);
  });
});

describe("structure", () => {
  it("is told with its place: unknown, repeated and own names, circles, triggers that never fire", () => {
    const problems = problemsIn(`one: ${get} }
two: ${get}, dependsOn: [one, ones, one] }
self: ${get}, dependsOn: self }
x: ${get}, dependsOn: [one, z] }
y: ${get}, dependsOn: [x] }
z: ${get}, dependsOn: y }
never: ${get}, dependsOn: [one], trigger: { atLeast: 2 } }`);
    expect(problems).toEqual([
      expect.stringMatching(/^7:\d+ workflows\.w\.tasks\.two\.dependsOn\[1\]: .*"one"/),
      expect.stringMatching(/^7:\d+ workflows\.w\.tasks\.two\.dependsOn\[2\]: .*twice/),
      expect.stringMatching(/^8:\d+ workflows\.w\.tasks\.self\.dependsOn: .*itself/),
      expect.stringMatching(/^9:\d+ workflows\.w\.tasks\.x\.dependsOn.*: .*x → .* → x/),
      expect.stringMatching(/^12:\d+ workflows\.w\.tasks\.never\.trigger: .*never fire/),
    ]);
  });
});

describe("kinds and their options", () => {
  it("are checked by the kind's own schema, keys with a hint, common ones among them", () => {
    const problems = problemsIn(
      `a: { kind: fetch-tset, url: x }
b: { kind: fetch-test, url: http://x, prts: 2, timeot: 3s }
c: { kind: fetch-test, url: https://x, folder: { path: x, dep: true } }
d: { kind: read-test, finally: [{ kind: fetch-test, timeout: 1s }] }`,
      {
        account: "id: a, inputs: x",
      },
    );
    expect(problems).toEqual([
      '6:18 workflows.w.tasks.a.kind: expected a known kind of task, got "fetch-tset". Did you mean "fetch-test"?',
      '7:35 workflows.w.tasks.b.url: expected an https address, got "http://x"',
      '7:45 workflows.w.tasks.b.prts: unknown setting. Did you mean "parts"?',
      '7:54 workflows.w.tasks.b.timeot: unknown setting. Did you mean "timeout"?',
      '8:65 workflows.w.tasks.c.folder.dep: unknown setting. Did you mean "deep"?',
      "9:39 workflows.w.tasks.d.finally[0].url: expected text, but it is missing",
    ]);
  });

  it("wait for references: a whole one may become any type, a text around one stays a text", () => {
    const parents = `p: ${get} }\n`;
    const fine = `a: { kind: fetch-test, url: "\${vars.u}", parts: "\${tasks.p.durationMs}", names: ["\${tasks.p.files}", x], folder: "\${vars.f}", dependsOn: p }`;
    const top = "vars: { u: x, f: y }";
    expect(problemsIn(parents + fine, { top })).toEqual([]);
    expect(problemsIn(`a: ${get}, parts: "1\${vars.u}" }`, { top })).toEqual([
      expect.stringContaining("parts: expected a number, got"),
    ]);
  });

  it("wait for references that may become several items of a list, or none", () => {
    expect(few('["${vars.u}"]')).toEqual([]);
    expect(few('[x, y, z, "${vars.u}"]')).toEqual([]);
    expect(few('["x${vars.u}"]')).toEqual([
      expect.stringContaining("a.names: expected at least 2 entries"),
    ]);
  });

  it("lays alternatives over the task's own options and tells only of them", () => {
    const problems = problemsIn(
      `a: ${get}, parts: 0, recover: [{ on: FileSystemError, do: alternative, options: [{ parts: 2 }, { parts: x, prts: 1 }, { url: x }] }] }`,
    );
    expect(problems.map((text) => text.replace(/^\S+ workflows\.w\.tasks\./, ""))).toEqual([
      "a.parts: expected at least 1, got 0",
      'a.recover[0].options[1].parts: expected a number, got "x"',
      'a.recover[0].options[1].prts: unknown setting. Did you mean "parts"?',
      'a.recover[0].options[2].url: expected an https address, got "x"',
    ]);
  });

  it("are left alone when a module that may define them is not loaded", () => {
    const text = "accounts: [{ id: a }]\nworkflows: { w: { tasks: { a: { kind: own, x: 1 } } } }";
    expect(problemsOf(text, false)).toEqual([]);
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/got "own"\. Known kinds: .*fetch-test/),
    ]);
  });

  it("are known where their places are limited", () => {
    expect(problemsIn(`a: ${get} }`, { top: "kindLimits: { fetch-tst: 1 }" })).toEqual([
      '2:15 kindLimits.fetch-tst: expected a known kind of task, got "fetch-tst". Did you mean "fetch-test"?',
    ]);
  });

  it("take no numbers that JSON cannot hold", () => {
    expect(problemsIn("a: { kind: own, x: [.inf] }", { top: "vars: { x: .nan }" })).toEqual(
      expect.arrayContaining([
        expect.stringContaining("tasks.a.x[0]: expected a finite number, got Infinity"),
        expect.stringContaining("vars.x: expected a finite number, got NaN"),
      ]),
    );
  });
});

describe("references", () => {
  const chain = `a: ${get} }\nb: ${get}, dependsOn: a }\nside: ${get} }\n`;

  const problemsWith = (text: string) =>
    problemsIn(
      `${chain}c: ${get}, names: ${JSON.stringify(text)}, dependsOn: [b] }\nnext: ${get}, dependsOn: c }\nafter: ${get}, dependsOn: next }`,
      {
        top: "vars: { portal: x }",
      },
    );

  it.each([
    "${tasks.a.files}",
    "${tasks.a.files[0]}",
    "${tasks.b.status} ${tasks.b.durationMs} ${run.scheduledAt} ${vars.portal}",
    "$${tasks.nobody.files}",
  ])("%s holds", (text) => {
    expect(problemsWith(text)).toEqual([]);
  });

  it.each([
    ["${tasks.a.fils}", 'a task of kind fetch-test has no result "fils". Did you mean "files"?'],
    ["${tasks.bb.files}", 'no task "bb" in workflow "w". Did you mean "b"?'],
    ["${tasks.side.files}", '"side" need not be over when "c" starts; add it to dependsOn of "c"'],
    [
      "${tasks.after.files}",
      '"after" comes after "c", which so has nothing of it yet; they depend on each other the wrong way round',
    ],
    ["${tasks.c.files}", "a task has no results of its own yet when it starts"],
    ["${tasks.a}", "expected ${tasks.ID.NAME}"],
    ["${run.name}", "expected ${run.id} or ${run.scheduledAt}"],
    ["${run.id", "not closed"],
    ["${vars.portl}", '${vars.portl}: no such variable in vars. Did you mean "portal"?'],
  ])("%s does not: %s", (text, said) => {
    const problems = problemsWith(text);
    expect(problems).toEqual([expect.stringMatching(/^9:\d+ workflows\.w\.tasks\.c\.names: /)]);
    expect(problems[0]).toContain(said);
  });

  it("may stand in steps and alternatives, where they are checked too", () => {
    const steps = `finally: [{ kind: fetch-test, url: "\${tasks.x.files}" }], recover: [{ on: InputError, do: alternative, options: [{ names: "\${tasks.y.files}" }] }]`;
    expect(problemsIn(`a: ${get}, ${steps} }`)).toEqual([
      expect.stringContaining('finally[0].url: ${tasks.x.files}: no task "x"'),
      expect.stringContaining('options[0].names: ${tasks.y.files}: no task "y"'),
    ]);
  });

  it("take variables from accounts when every one of them has it", () => {
    expect(problemsOf(twoAccounts("vars: { u: 2 }"))).toEqual([]);
    expect(problemsOf(twoAccounts("vars: { v: 2 }"))).toEqual([
      expect.stringContaining('${vars.u}: not set for "b"; set it there or in vars at the top'),
    ]);
  });
});

describe("nested workflows", () => {
  it("must be there and must not come back to themselves", () => {
    const problems = problemsOf(
      `accounts: [{ id: a }]\nworkflows:\n  a: ${nest("b")}\n  b: ${nest("c")}\n  c: ${nest("a")}\n  d: ${nest("cc")}\n  e: ${nest("'${vars.x}'")}\n`,
      false,
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^6:\d+ workflows\.d\.tasks\.t\.workflow: .*got "cc"\./),
        expect.stringMatching(/^7:\d+ workflows\.e\.tasks\.t\.workflow: .*no reference can stand/),
        expect.stringMatching(/^5:\d+ workflows\.c\.tasks\.t\.workflow: .*a → b → c → a$/),
      ]),
    );
  });
});

describe("inputs of accounts", () => {
  it("are needed only where a task reads them", () => {
    expect(problemsIn(`a: { kind: read-test }`)).toEqual([
      '1:12 accounts[0].inputs: expected text, a list or a map, but it is missing; task "a" of workflow "w" reads it',
    ]);
    expect(problemsIn(`a: { kind: read-test, inputs: x.csv }`)).toEqual([]);
    expect(problemsOf("accounts: [{ id: a }]")).toEqual([
      expect.stringContaining(
        'accounts[0].inputs: expected text, a list or a map, but it is missing; task "prepare" reads it',
      ),
    ]);
  });
});
