import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSettings, selectAccounts, settingsFor } from "../../../src/config/index.ts";

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
            /:7:5 accounts\[1\]\.inputs: expected text, a list or a map, but it is missing$/,
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
