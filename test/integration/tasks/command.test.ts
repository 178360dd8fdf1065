import { spawn } from "node:child_process";
import { mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { silentLog, WranglerError } from "../../../src/core/index.ts";
import { command, runProgram } from "../../../src/tasks/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";
import { taskContext, type TaskContextParts } from "../../helpers/task-context.ts";

type Parts = Omit<TaskContextParts<unknown>, "options" | "folder">;

/** Run options as they stand in a file. */
async function ran(folder: string, options: object, parts: Parts = {}) {
  const checked = command.options.parse(options);
  return command.run(taskContext({ options: checked, folder, ...parts }));
}

/** A command that runs a script in Node. */
const node = (script: string, ...args: string[]) => [process.execPath, "-e", script, ...args];

/** Whether a process lives: a zombie does not. */
async function lives(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const facts = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return process.platform !== "linux" || !/\) [ZX] /.test(facts === "" ? ") X " : facts);
}

/** Wait for something to come true; the test's own time limit ends it. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(10);
  }
}

/**
 * A program that ignores SIGTERM, with a child that does too, one that left the group, and one that
 * left the group and whose parent has ended. Each writes its number to a file when it is at work.
 */
const TREE = `
  const { spawn } = require("node:child_process");
  const { writeFileSync } = require("node:fs");
  const folder = process.argv[1];
  const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
  const note = (name) => 'require("node:fs").writeFileSync(process.argv[1] + "/' + name + '.pid", String(process.pid));';
  const start = (script, detached) => spawn(process.execPath, ["-e", script, folder], { stdio: "ignore", detached });
  process.on("SIGTERM", () => {});
  start(deaf + note("child"), false);
  start(deaf + note("apart"), true).unref();
  start(
    'const { spawn } = require("node:child_process");' +
    'const script = ' + JSON.stringify(deaf + note("orphan")) + ';' +
    'spawn(process.execPath, ["-e", script, process.argv[1]], { stdio: "ignore", detached: true }).unref();',
    false,
  );
  writeFileSync(folder + "/root.pid", String(process.pid));
  setInterval(() => {}, 1000);
`;
/** Only Linux lets a process be found that has left both its parents and its group. */
const MEMBERS =
  process.platform === "linux" ? ["root", "child", "apart", "orphan"] : ["root", "child", "apart"];

/** Numbers of the tree's processes, once all of them are at work. */
async function treeIn(folder: string): Promise<number[]> {
  const pids = await Promise.all(
    MEMBERS.map((name) =>
      until(async () => {
        const text = await readFile(join(folder, `${name}.pid`), "utf8").catch(() => "");
        return text === "" ? undefined : Number(text);
      }),
    ),
  );
  onTestFinished(async () => {
    for (const pid of pids) if (await lives(pid)) process.kill(pid, "SIGKILL");
  });
  return pids;
}

const countIn = (folder: string) => readFile(join(folder, "count.txt"), "utf8").catch(() => "");

/** What work fails with; its failing is awaited at once, so that no rejection goes unheard. */
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const living = async (pids: number[]) =>
  (await Promise.all(pids.map(lives))).filter(Boolean).length;

describe("a command that ends as expected", () => {
  it("has its code, its output in files, the end of it and how long it took as results", async () => {
    const folder = await withFolder();
    const script = "console.log('out ✓'); console.error('err')";
    const results = await ran(folder, { command: node(script) }, { attempt: 2 });
    expect(results).toEqual({
      exitCode: 0,
      stdoutPath: join(folder, "attempt-2.stdout.txt"),
      stderrPath: join(folder, "attempt-2.stderr.txt"),
      stdoutTail: "out ✓\n",
      durationMs: expect.any(Number),
    });
    expect(await readFile(join(folder, "attempt-2.stdout.txt"), "utf8")).toBe("out ✓\n");
    expect(await readFile(join(folder, "attempt-2.stderr.txt"), "utf8")).toBe("err\n");
    await expect(stat(join(folder, "process.json"))).rejects.toThrow("ENOENT");
  });

  it("is given its arguments as they are, and its text on standard input", async () => {
    const script = "process.stdin.pipe(process.stdout); console.log(process.argv.slice(1).join())";
    const args = ["$HOME", "a b", "*", "; exit 3"];
    const { stdoutTail } = await ran(await withFolder(), {
      command: node(script, ...args),
      stdin: "text\n",
    });
    expect(stdoutTail).toBe(`${args.join()}\ntext\n`);
  });

  it.each([
    "; touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "| touch pwned",
    "&& touch pwned",
    "> pwned",
    "'\"; touch pwned; \"'",
    "a\nb",
    "%PATH%",
    "^&calc",
    "--version",
    "-e process.exit(3)",
    "",
    '\\"',
    "ünïcode \u202e",
  ])("hands %j on as one argument", async (payload) => {
    const folder = await withFolder();
    const script = "console.log(JSON.stringify(process.argv.slice(2)))";
    await writeFile(join(folder, "said.mjs"), script);
    const { stdoutTail } = await ran(folder, {
      command: [process.execPath, "said.mjs", payload, "end"],
    });
    expect(stdoutTail).toBe(`${JSON.stringify([payload, "end"])}\n`);
    await expect(stat(join(folder, "pwned"))).rejects.toThrow("ENOENT");
  });

  it("need not read its input", async () => {
    const stdin = "x".repeat(1_000_000);
    expect(await ran(await withFolder(), { command: node("0"), stdin })).toMatchObject({
      exitCode: 0,
    });
  });

  it("runs in its folder", async () => {
    const folder = await realpath(await withFolder());
    await mkdir(join(folder, "sub"));
    const where = node("console.log(process.cwd())");
    expect(await ran(folder, { command: where })).toMatchObject({ stdoutTail: `${folder}\n` });
    expect(await ran(folder, { command: where, cwd: "sub" })).toMatchObject({
      stdoutTail: `${join(folder, "sub")}\n`,
    });
  });

  it("runs by the shell when it is told to", async () => {
    const { stdoutTail } = await ran(await withFolder(), {
      command: "echo a b | wc -w",
      shell: true,
    });
    expect(stdoutTail).toMatch(/^\s*2\n$/);
  });

  it("may end with another code than 0", async () => {
    const options = { command: node("process.exit(3)"), expectedExitCodes: [0, 3] };
    expect(await ran(await withFolder(), options)).toMatchObject({ exitCode: 3 });
  });
});

describe("its environment", () => {
  it("holds what programs need, what is named and what is given, and nothing else", async () => {
    const secrets = { OWN_SECRET: "s3cret", OWN_PASSED: "passed" };
    Object.assign(process.env, secrets);
    onTestFinished(() => {
      for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
    });
    const results = await ran(await withFolder(), {
      command: node("console.log(JSON.stringify({ env: process.env }))"),
      env: { GIVEN: "given" },
      passEnv: ["OWN_PASSED", "NOT_SET"],
      results: "json",
    });
    const env = Object(results["env"]);
    expect(env).toMatchObject({
      PATH: process.env["PATH"],
      TZ: process.env["TZ"],
      GIVEN: "given",
      OWN_PASSED: "passed",
      DATA_WRANGLER_ACCOUNT: "acme",
      DATA_WRANGLER_TASK: "own",
      DATA_WRANGLER_EFFECT_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Object.keys(env)).not.toContain("OWN_SECRET");
    expect(Object.keys(env)).not.toContain("NOT_SET");
    expect(Object.keys(env)).not.toContain("VITEST");
  });
});

describe("its output", () => {
  it("is kept up to the limit, which does not hold the program up", async () => {
    const folder = await withFolder();
    const script = `
      for (let i = 0; i < 500; i++) require("node:fs").writeSync(1, String(i).padStart(4) + "x".repeat(996));
      require("node:fs").writeSync(1, "the end");
    `;
    const { stdoutTail } = await ran(folder, { command: node(script), maxOutput: "100KB" });
    const { size } = await stat(join(folder, "attempt-1.stdout.txt"));
    expect(size).toBe(100_000);
    expect(stdoutTail).toMatch(/ 499x{996}the end$/);
    expect(stdoutTail).toHaveLength(2_048);
  });

  it("is counted beyond the limit", async () => {
    const folder = await withFolder();
    const end = await runProgram({
      command: node("process.stdout.write('é'.repeat(3000)); process.stderr.write('e')"),
      cwd: folder,
      env: {},
      stdin: "",
      stdoutPath: join(folder, "out"),
      stderrPath: join(folder, "err"),
      maxOutputBytes: 11,
      tailBytes: 5,
      killAfterMs: 1_000,
      notePath: join(folder, "process.json"),
      signal: new AbortController().signal,
      log: silentLog,
    });
    const path = join(folder, "out");
    expect(end.stdout).toEqual({ path, bytes: 6_000, keptBytes: 11, tail: "éé" });
    expect(end.stderr).toMatchObject({ bytes: 1, keptBytes: 1, tail: "e" });
  });

  it("is no longer waited for when only what it left in the background holds it", async () => {
    const folder = await withFolder();
    const script = `
      const { spawn } = require("node:child_process");
      const left = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit", detached: true });
      left.unref();
      console.log(JSON.stringify({ left: left.pid }));
    `;
    const { left } = await ran(folder, { command: node(script), results: "json" });
    onTestFinished(() => void process.kill(Number(left), "SIGKILL"));
    expect(await lives(Number(left))).toBe(true);
  });
});

describe("results that it prints", () => {
  it("are the map on its last line, over its own", async () => {
    const script = `console.log("busy"); console.log('{"files": ["/a"], "rows": 2}\\n')`;
    const results = await ran(await withFolder(), { command: node(script), results: "json" });
    expect(results).toMatchObject({ exitCode: 0, files: ["/a"], rows: 2 });
    expect(results).not.toHaveProperty("lastLine");
  });

  it.each([
    ["no JSON", "'done'"],
    ["a list", "'[1]'"],
    ["nothing", "''"],
  ])("are refused when the last line is %s", async (_name, printed) => {
    const options = { command: node(`console.log(${printed})`), results: "json" };
    await expect(ran(await withFolder(), options)).rejects.toMatchObject({
      code: "RESULT_INVALID",
    });
  });
});

describe("a command that fails", () => {
  it("is told by its code and the end of its errors, and did not happen", async () => {
    const journal = memoryJournal();
    const script = "console.error('x'.repeat(5000) + ' no such portal'); process.exitCode = 7";
    const failing = ran(await withFolder(), { command: node(script) }, { journal });
    await expect(failing).rejects.toMatchObject({
      code: "COMMAND_FAILED",
      message: expect.stringMatching(/exit code 7, not 0\.\nx{1900,2048} no such portal$/),
      details: { exitCode: 7 },
    });
    expect(journal.effects("own")).toMatchObject([{ effect: "run", status: "NOT_DONE" }]);
  });

  const KILLED = node(
    "require('node:fs').appendFileSync('count.txt', 'x'); process.kill(process.pid, 'SIGKILL')",
  );
  const byKill = { code: "COMMAND_FAILED", details: { signal: "SIGKILL" } };

  it("may have happened when something else killed it: it is not run again without being asked", async () => {
    const folder = await withFolder();
    const journal = memoryJournal();
    for (const attempt of [1, 2]) {
      await expect(ran(folder, { command: KILLED }, { journal, attempt })).rejects.toMatchObject({
        code: "EFFECT_UNCERTAIN",
        ...(attempt === 1 ? { cause: byKill } : {}),
      });
    }
    expect(journal.effects("own")).toMatchObject([{ effect: "run", status: "UNCERTAIN" }]);
    expect(await countIn(folder)).toBe("x");
  });

  it("is told by the signal that killed it when running it twice does no harm", async () => {
    const folder = await withFolder();
    const options = { command: KILLED, repeatable: true };
    await expect(ran(folder, options)).rejects.toMatchObject(byKill);
    await expect(ran(folder, options, { attempt: 2 })).rejects.toMatchObject(byKill);
    expect(await countIn(folder)).toBe("xx");
  });

  it.each([
    ["a program that is not there", { command: ["no-such-program-anywhere"] }],
    ["a folder that is not there", { command: node("0"), cwd: "nowhere" }],
    ["a file that is no program", { command: ["./data.txt"] }],
    ["an argument that no system takes", { command: node("0", "a\0b") }],
  ])("is missing: %s", async (_name, options) => {
    const folder = await withFolder();
    const journal = memoryJournal();
    await writeFile(join(folder, "data.txt"), "x");
    await expect(ran(folder, options, { journal })).rejects.toMatchObject({
      code: "COMMAND_MISSING",
    });
    expect(journal.effects("own")).toMatchObject([{ status: "NOT_DONE" }]);
    await expect(stat(join(folder, "process.json"))).rejects.toThrow("ENOENT");
  });

  it.runIf(process.platform === "linux")(
    "is ended when its output cannot be kept, and may have happened",
    async () => {
      const folder = await withFolder();
      const script = `
        require("node:fs").writeFileSync(process.argv[1], String(process.pid));
        setInterval(() => console.log("x"), 5);
      `;
      const pidPath = join(folder, "pid");
      const failing = runProgram({
        command: node(script, pidPath),
        cwd: folder,
        env: {},
        stdin: "",
        // Linux's device for this very test: every write says that the disk is full.
        stdoutPath: "/dev/full",
        stderrPath: join(folder, "err"),
        maxOutputBytes: 1_000,
        tailBytes: 10,
        killAfterMs: 1_000,
        notePath: join(folder, "process.json"),
        signal: new AbortController().signal,
        log: silentLog,
      });
      await expect(failing).rejects.toMatchObject({ code: "OUTPUT_UNWRITABLE" });
      expect(await lives(Number(await readFile(pidPath, "utf8")))).toBe(false);
    },
  );
});

describe("a command whose attempt is to end", () => {
  it("is ended with all that it started, also what ignores SIGTERM or left the group", async () => {
    const folder = await withFolder();
    const journal = memoryJournal();
    const ending = new AbortController();
    const options = { command: node(TREE, folder), killAfter: "300ms" };
    const failure = failureOf(ran(folder, options, { journal, signal: ending.signal }));
    const pids = await treeIn(folder);
    expect(await living(pids)).toBe(MEMBERS.length);
    ending.abort(new WranglerError("TASK_TIMEOUT"));
    expect(await failure).toMatchObject({ code: "TASK_TIMEOUT" });
    expect(await living(pids)).toBe(0);
    expect(journal.effects("own")).toMatchObject([{ status: "UNCERTAIN" }]);
    await expect(stat(join(folder, "process.json"))).rejects.toThrow("ENOENT");
  });

  it("may end by itself when it is asked to", async () => {
    const folder = await withFolder();
    const ending = new AbortController();
    const script = `
      const { writeFileSync } = require("node:fs");
      process.on("SIGTERM", () => { writeFileSync("ended.txt", "tidily"); process.exit(); });
      setInterval(() => {}, 1000);
      writeFileSync("root.pid", String(process.pid));
    `;
    const options = { command: node(script), killAfter: "1h" };
    const failure = failureOf(ran(folder, options, { signal: ending.signal }));
    await until(async () => readFile(join(folder, "root.pid"), "utf8").catch(() => undefined));
    ending.abort(new WranglerError("CANCELED"));
    expect(await failure).toMatchObject({ code: "CANCELED" });
    expect(await readFile(join(folder, "ended.txt"), "utf8")).toBe("tidily");
  });

  it("is not started when it has ended already", async () => {
    const folder = await withFolder();
    const signal = AbortSignal.abort(new WranglerError("CANCELED"));
    const options = { command: node("require('node:fs').writeFileSync('began', '')") };
    const repeatable = { ...options, repeatable: true };
    await expect(ran(folder, options, { signal })).rejects.toMatchObject({ code: "CANCELED" });
    await expect(ran(folder, repeatable, { signal })).rejects.toMatchObject({ code: "CANCELED" });
    await expect(stat(join(folder, "began"))).rejects.toThrow("ENOENT");
  });
});

/** Address of a source file, as text in a program. */
const at = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);

describe("a command that was interrupted", () => {
  const COUNT = node("require('node:fs').appendFileSync('count.txt', 'x')");

  it("is answered from its record when it was done", async () => {
    const folder = await withFolder();
    const journal = memoryJournal();
    const first = await ran(folder, { command: COUNT }, { journal });
    expect(await ran(folder, { command: COUNT }, { journal, attempt: 2 })).toEqual(first);
    expect(await countIn(folder)).toBe("x");
  });

  it("waits for a person, or is skipped, when it is not known to be done", async () => {
    const folder = await withFolder();
    const journal = memoryJournal();
    await ran(folder, { command: COUNT }, { journal });
    const done = journal.effects("own")[0]!;
    await journal.commit({ effects: [{ ...done, status: "INTENDED", outcome: null }] });
    await expect(ran(folder, { command: COUNT }, { journal })).rejects.toMatchObject({
      code: "EFFECT_UNCERTAIN",
    });
    expect(await ran(folder, { command: COUNT }, { journal, policy: "skip" })).toEqual({
      exitCode: null,
      stdoutPath: null,
      stderrPath: null,
      stdoutTail: "",
      durationMs: null,
    });
    expect(await countIn(folder)).toBe("x");
  });

  it("is run again without asking when it is repeatable, and keeps no record", async () => {
    const folder = await withFolder();
    const journal = memoryJournal();
    const options = { command: COUNT, repeatable: true };
    await ran(folder, options, { journal });
    await ran(folder, options, { journal });
    expect([await countIn(folder), journal.effects("own")]).toEqual(["xx", []]);
  });

  it("is ended first when it still lives, although its tool was killed", async () => {
    const folder = await withFolder();
    // Another process runs the command and is killed the hard way.
    const owner = join(folder, "owner.mts");
    await writeFile(
      owner,
      `import { runProgram } from ${at("src/tasks/index.ts")};
       import { silentLog } from ${at("src/core/index.ts")};
       const folder = ${JSON.stringify(folder)};
       await runProgram({
         command: ${JSON.stringify(node(TREE, folder))}, cwd: folder, env: {}, stdin: "",
         stdoutPath: folder + "/out", stderrPath: folder + "/err", maxOutputBytes: 9, tailBytes: 9,
         killAfterMs: 1, notePath: folder + "/process.json",
         signal: new AbortController().signal, log: silentLog,
       });`,
    );
    const tsx = import.meta.resolve("tsx");
    const tool = spawn(process.execPath, ["--import", tsx, owner], { stdio: "inherit" });
    const pids = await treeIn(folder);
    await until(async () => {
      const note = await readFile(join(folder, "process.json"), "utf8");
      return note.includes('"born":null') ? undefined : note;
    });
    const gone = new Promise((resolve) => void tool.once("exit", resolve));
    tool.kill("SIGKILL");
    await gone;
    expect(await living(pids)).toBe(MEMBERS.length);
    const options = { command: node("0"), killAfter: "100ms" };
    expect(await ran(folder, options, { attempt: 2 })).toMatchObject({ exitCode: 0 });
    expect(await living(pids)).toBe(0);
  });

  it("lets a stranger live that got the number of a process that has gone", async () => {
    const folder = await withFolder();
    const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      detached: true,
      stdio: "ignore",
    });
    onTestFinished(() => void stranger.kill("SIGKILL"));
    const note = { pid: stranger.pid, born: "long ago", mark: "another" };
    await writeFile(join(folder, "process.json"), JSON.stringify(note));
    await ran(folder, { command: node("0") });
    expect(await lives(stranger.pid!)).toBe(true);
  });
});
