import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { doctor, type DoctorOrder } from "../../../src/doctor/index.ts";
import { expandPaths } from "../../../src/engine/index.ts";
import type { HealthCheck } from "../../../src/orchestration/index.ts";
import { openStore } from "../../../src/stores/index.ts";
import { startSmtpServer } from "../../helpers/smtp-server.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "doctor-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What is found about a configuration; about the machine alone without one. */
async function checksOf(text?: string, order: Partial<DoctorOrder> = {}): Promise<HealthCheck[]> {
  const path = join(folder, "pipeline.yaml");
  if (text !== undefined) await writeFile(path, text);
  const { checks } = await doctor({
    configPath: text === undefined ? undefined : path,
    cwd: folder,
    env: {},
    loadModule: async () => {},
    expandPaths,
    ...order,
  });
  return [...checks];
}

function named(checks: readonly HealthCheck[], name: string): HealthCheck | undefined {
  return checks.find((check) => check.name === name);
}

const WITH_TASKS = (tasks: string) => `
workflows: { daily: { tasks: { ${tasks} } } }
accounts: [{ id: acme }]
`;

function throwing(): Promise<never> {
  return Promise.reject(new Error("it throws"));
}

function task(name: string, command: string): string {
  return `${name}: { kind: command, ${command} }`;
}

function mail(port: number, more: string): string {
  const server = `{ host: 127.0.0.1, port: ${port}${more} }`;
  return `{ kind: email, from: a@example.com, to: b@example.com, text: x, server: ${server} }`;
}

describe("doctor", () => {
  it("finds nothing wrong with a configuration that can run, and leaves nothing behind", async () => {
    await writeFile(join(folder, "x.csv"), "a\n1\n");
    const checks = await checksOf("accounts: [{ id: acme, inputs: x.csv }]");
    expect(checks.map(({ name, level }) => `${name} ${level}`)).toEqual([
      "configuration ok",
      "inputs ok",
      "store ok",
      "folders ok",
      "time zone ok",
      "clock ok",
      "disk ok",
      "memory ok",
      "Node.js ok",
    ]);
    expect(await readdir(folder)).toEqual(["pipeline.yaml", "x.csv"]);
  });

  it("looks at the machine alone without a configuration", async () => {
    const checks = await checksOf();
    expect(checks[0]).toMatchObject({ name: "configuration", level: "warning" });
    expect(checks.map(({ name }) => name).slice(1)).toEqual([
      "store",
      "folders",
      "time zone",
      "clock",
      "disk",
      "memory",
      "Node.js",
    ]);
  });

  it("tells every mistake of a configuration, and still looks at the machine", async () => {
    const checks = await checksOf("accunts: []\nranking: { topK: 0 }\n");
    const [configuration] = checks;
    expect(configuration).toMatchObject({ name: "configuration", level: "failing" });
    expect(configuration?.text).toContain("pipeline.yaml:1:1");
    expect(configuration?.text).toContain("pipeline.yaml:2:");
    expect(named(checks, "disk")?.level).toBe("ok");
  });

  it("tells a module that cannot be loaded", async () => {
    const text = "modules: [./mine.js]\naccounts: [{ id: a, inputs: x.csv }]\n";
    await writeFile(join(folder, "mine.js"), "");
    const [configuration] = await checksOf(text, { loadModule: throwing });
    expect(configuration?.text).toContain("mine.js cannot be loaded: it throws");
    expect(named(await checksOf(text), "modules")).toMatchObject({ text: "1 module loaded" });
  });
});

describe("the store", () => {
  it("is looked at, as it is used by others", async () => {
    const store = openStore(join(folder, "checkpoints"));
    onTestFinished(() => store.close());
    expect(named(await checksOf(), "store")).toMatchObject({
      level: "ok",
      text: expect.stringMatching(/checkpoints: whole, 1 file, .* kB, not sealed$/),
    });
  });

  it("is failing when it is damaged", async () => {
    const state = join(folder, "state");
    openStore(state).close();
    await mkdir(join(state, "accounts"), { recursive: true });
    await writeFile(join(state, "accounts/acme.sqlite"), "no database at all, but long enough");
    expect(named(await checksOf(undefined, { checkpointsFolder: "state" }), "store")).toMatchObject(
      {
        level: "failing",
        text: `${state}/accounts/acme.sqlite: file is not a database`,
        remedy: expect.stringContaining("backup"),
      },
    );
  });

  it("is failing under another key", async () => {
    openStore(join(folder, "checkpoints")).close();
    const env = { DATA_WRANGLER_KEY: Buffer.alloc(32, 1).toString("base64") };
    expect(named(await checksOf(undefined, { env }), "store")).toMatchObject({
      level: "failing",
      text: expect.stringContaining("made without a key"),
    });
  });
});

describe("files and folders", () => {
  it("that are not there yet are a warning for inputs", async () => {
    const text = "accounts: [{ id: acme, inputs: [in/*.csv, { name: y, path: y.csv }] }]";
    expect(named(await checksOf(text), "inputs")).toMatchObject({
      level: "warning",
      text: `acme: no file ${folder}/in/*.csv\nacme: no file ${folder}/y.csv`,
    });
  });

  it("that cannot be written are failing for outputs", async () => {
    await writeFile(join(folder, "out"), "a file where a folder should be");
    await writeFile(join(folder, "x.csv"), "a\n1\n");
    const text = "accounts: [{ id: acme, inputs: x.csv }, { id: globex, inputs: x.csv }]";
    const folders = named(await checksOf(text), "folders");
    expect(folders).toMatchObject({ level: "failing" });
    expect(folders?.text).toContain(`${folder}/out/acme: `);
    expect(folders?.text).toContain(`${folder}/out/globex: `);
  });
});

describe("secrets", () => {
  const text = `
secrets: { PORTAL: PORTAL_PASSWORD, MAIL: MAIL_PASSWORD }
accounts: [{ id: acme, inputs: x.csv, secrets: { MAIL: ACME_MAIL } }]
`;

  it("that are missing are failing, and none is shown", async () => {
    const env = { PORTAL_PASSWORD: "correct horse", MAIL_PASSWORD: "not asked for" };
    const checks = await checksOf(text, { env });
    expect(named(checks, "secrets")).toMatchObject({
      level: "failing",
      text: expect.stringContaining('"ACME_MAIL": neither the credential ACME_MAIL'),
    });
    expect(JSON.stringify(checks)).not.toContain("correct horse");
    const all = await checksOf(text, { env: { ...env, ACME_MAIL: "battery staple" } });
    expect(named(all, "secrets")).toMatchObject({ level: "ok", text: "2 secrets there" });
  });
});

describe("commands", () => {
  it("are looked for as tasks run them, in steps too", async () => {
    const bin = join(folder, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "tool"), "#!/bin/sh\n");
    await chmod(join(bin, "tool"), 0o755);
    await writeFile(join(bin, "text"), "not to be run");
    const text = `
vars: { program: tool }
workflows:
  daily:
    tasks:
      ${task("a", "command: [tool]")}
      ${task("b", 'command: ["${vars.program}"]')}
      ${task("c", "command: [./tool], cwd: bin")}
      ${task("d", "command: [missing-tool]")}
      ${task("e", "command: [bin/text]")}
      ${task("f", 'command: ["${tasks.a.stdoutTail}"], dependsOn: [a]')}
      ${task("g", "command: missing-too | cat, shell: true")}
      ${task("h", "command: [tool], env: { PATH: /nowhere }")}
      ${task("i", "command: [tool], finally: [{ kind: command, command: [missing-step] }]")}
accounts: [{ id: acme }]
`;
    const checks = await checksOf(text, { env: { PATH: `/nowhere:${bin}` } });
    expect(named(checks, "commands")).toMatchObject({ level: "failing" });
    expect(named(checks, "commands")?.text.split("\n")).toEqual([
      "daily/d: missing-tool is not on PATH",
      `daily/e: ${folder}/bin/text is no program`,
      "daily/h: tool is not on PATH",
      "daily/i: missing-step is not on PATH",
    ]);
  });

  it("need the folder that they are run in", async () => {
    const text = WITH_TASKS("a: { kind: command, command: [sh], cwd: nowhere }");
    const checks = await checksOf(text, { env: { PATH: "/bin" } });
    expect(named(checks, "commands")?.text).toBe(
      `daily/a: sh: there is no folder ${folder}/nowhere to run it in`,
    );
  });

  it("that are there are named", async () => {
    const text = WITH_TASKS(
      "a: { kind: command, command: [sh] }, b: { kind: command, command: [sh] }",
    );
    const checks = await checksOf(text, { env: { PATH: "/bin" } });
    expect(named(checks, "commands")).toMatchObject({ level: "ok", text: "1 program found: sh" });
  });
});

describe("mail servers", () => {
  it("are talked to once each, without a mail", async () => {
    const server = await startSmtpServer();
    onTestFinished(() => server.close());
    const one = mail(server.port, "");
    const checks = await checksOf(WITH_TASKS(`a: ${one}, b: ${one}`));
    expect(checks.filter(({ name }) => name === "mail server")).toEqual([
      {
        name: "mail server",
        level: "ok",
        text: `127.0.0.1:${server.port} answers, not encrypted, without a login`,
        remedy: null,
      },
    ]);
    expect(server.commands.filter((command) => command.startsWith("EHLO"))).toHaveLength(1);
    expect(server.commands.join()).not.toContain("MAIL FROM");
  });

  it("are failing when they do not answer or refuse us, and tell no secret", async () => {
    const login = { user: "ann", password: "correct horse" };
    const server = await startSmtpServer({ login });
    onTestFinished(() => server.close());
    const gone = await startSmtpServer();
    await gone.close();
    const refused = mail(server.port, ', tls: none, user: ann, password: "${secrets.MAIL}"');
    const text = `secrets: { MAIL: MAIL_PASSWORD }\n${WITH_TASKS(`a: ${refused}, b: ${mail(gone.port, "")}`)}`;
    const wrong = await checksOf(text, { env: { MAIL_PASSWORD: "battery staple" } });
    const found = wrong.filter(({ name }) => name === "mail server");
    expect(found.map(({ level }) => level)).toEqual(["failing", "failing"]);
    expect(found.map((check) => check.text).join("\n")).toContain(`127.0.0.1:${gone.port}`);
    expect(JSON.stringify(wrong)).not.toContain("battery staple");
    const missing = await checksOf(text);
    expect(missing.filter(({ name }) => name === "mail server")).toMatchObject([
      { level: "failing" },
      { level: "warning", text: "daily/a: not tried, a secret is missing" },
    ]);
  });
});
