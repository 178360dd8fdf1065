import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Manifest, readJson } from "../../src/core/index.ts";
import { cli, type CliEnd, startCli } from "../helpers/cli.ts";
import { withFolder } from "../helpers/engine.ts";

/** User id of nobody in particular. */
const NOBODY = 65_534;

const table = (rows: number) =>
  `id,name,town\n${Array.from({ length: rows }, (_, i) => `${i},n${i % 7},t${i % 3}`).join("\n")}\n`;

/** `run --input` on one file with the given content. */
async function run(
  content: string | Buffer,
  { name = "data.csv" } = {},
): Promise<CliEnd & { folder: string; out: string; left: string[] }> {
  const folder = await withFolder();
  await writeFile(join(folder, name), content);
  const end = await cli(["run", "--input", name, "--output", "out"], folder);
  const out = join(folder, "out");
  return { ...end, folder, out, left: await readdir(out).catch(() => []) };
}

const manifestOf = (out: string) => readJson(join(out, "manifest.json"), Manifest);

describe("input that is no table ends with a clear error, a status and no output", () => {
  test("missing file, with the neighbour it may have meant", async () => {
    const folder = await withFolder();
    await writeFile(join(folder, "orders.csv"), table(3));
    const end = await cli(["run", "--input", "order.csv", "--output", "out"], folder);
    expect(end.code).toBe(66);
    expect(end.said).toContain("INPUT_MISSING");
    expect(end.said).toContain("orders.csv");
  });

  test("empty file", async () => {
    const { code, said, left } = await run("");
    expect(code).toBe(65);
    expect(said).toContain("INPUT_EMPTY");
    expect(left).toEqual([]);
  });

  test("binary file", async () => {
    const { code, said, left } = await run(Buffer.concat([Buffer.alloc(64), randomBytes(4096)]));
    expect(code).toBe(65);
    expect(said).toContain("INPUT_UNREADABLE");
    expect(left).toEqual([]);
  });
});

test("10,000 columns, more than the memory limit can carry, are refused with what is possible", async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",");
  const row = Array.from({ length: 10_000 }, (_, i) => String(i % 10)).join(",");
  const { code, said, left } = await run(`${names}\n${row}\n${row}\n`);
  expect(code).toBe(65);
  expect(said).toContain("INPUT_UNREADABLE");
  expect(said).toMatch(/10,000 columns.*2,\d{3}.*engine\.memoryLimit/s);
  expect(left).toEqual([]);
});

describe("input with defects is read, and every record is accounted for", () => {
  test("header only", async () => {
    const { code, out } = await run("id,name,town\n");
    expect(code).toBe(0);
    expect((await manifestOf(out)).counts).toMatchObject({ recordsIn: 0, rowsOut: 0 });
    expect(await readFile(join(out, "cleaned.csv"), "utf8")).toBe("id,name,town\n");
  });

  test("broken UTF-8", async () => {
    const broken = Buffer.concat([
      Buffer.from(table(50)),
      Buffer.from([0x39, 0x39, 0x2c, 0xe4, 0xff, 0x2c, 0x74, 0x0a]),
    ]);
    const { code, out } = await run(broken);
    expect(code).toBe(0);
    const { counts } = await manifestOf(out);
    expect(counts.recordsIn).toBe(51);
    expect(counts.rowsOut + counts.rowsQuarantined + counts.duplicatesRemoved).toBe(51);
  });

  test("ragged rows", async () => {
    const { code, out } = await run(`${table(50)}1,2\n1,2,3,4\n`);
    expect(code).toBe(0);
    expect((await manifestOf(out)).counts).toMatchObject({
      recordsIn: 52,
      rowsOut: 50,
      rowsQuarantined: 2,
    });
  });

  test("1,000 columns", async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `c${i}`).join(",");
    const rows = Array.from({ length: 20 }, (_, j) =>
      Array.from({ length: 1_000 }, (_unused, i) => String((i * j) % 10)).join(","),
    );
    const { code, out, said } = await run(`${names}\n${rows.join("\n")}\n`);
    expect({ code, said }).toMatchObject({ code: 0 });
    const { columnsOut, counts } = await manifestOf(out);
    expect(columnsOut).toHaveLength(1_000);
    expect(counts.rowsOut).toBe(20);
  });

  test("duplicate and empty header names", async () => {
    const { code, out } = await run("a,A,,a\n1,2,3,4\n5,6,7,8\n");
    expect(code).toBe(0);
    const names = (await manifestOf(out)).columnsOut.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(4);
    expect((await readFile(join(out, "cleaned.csv"), "utf8")).split("\n")[0]).toBe("a,A,,a");
  });
});

test("a configuration with five mistakes names all five with their places", async () => {
  const folder = await withFolder();
  const yaml = `pipeline: { name: demo, version: 1 }
acounts: []
accounts:
  - id: "a/b"
    inputs: 7
    output: out
validation: { rowCountTolerance: 3 }
ranking: { topK: many }
`;
  await writeFile(join(folder, "pipeline.yaml"), yaml);
  const end = await cli(["run", "--config", "pipeline.yaml"], folder);
  expect(end.code).toBe(78);
  for (const place of [":2:", ":4:", ":5:", ":7:", ":8:"])
    expect(end.said).toContain(`pipeline.yaml${place}`);
  expect(end.said).toContain('"accounts"');
});

describe("output that cannot be written leaves nothing half-written", () => {
  test("the output folder is a file", async () => {
    const folder = await withFolder();
    await writeFile(join(folder, "data.csv"), table(20));
    await writeFile(join(folder, "out"), "");
    const end = await cli(["run", "--input", "data.csv", "--output", "out"], folder);
    expect(end.code).toBe(75);
    expect(end.said).toContain("OUTPUT_UNWRITABLE");
  });

  test("a folder without write permission", async () => {
    const folder = await withFolder();
    await writeFile(join(folder, "data.csv"), table(20));
    await mkdir(join(folder, "out"));
    await chmod(join(folder, "out"), 0o500);
    // The superuser may write anywhere; the program is then started as somebody else.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(folder, NOBODY, NOBODY);
    const args = ["run", "--input", "data.csv", "--output", "out"];
    const end = await startCli(args, folder, isRoot ? { uid: NOBODY } : {}).end;
    expect(end.said).toContain("OUTPUT_UNWRITABLE");
    expect(end.code).toBe(75);
  });

  test("the disk is full", async ({ skip }) => {
    const folder = await withFolder();
    const out = join(folder, "out");
    await mkdir(out);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=96k", "tmpfs", out]);
    if (mounted.status !== 0) skip("this machine does not let us mount a small disk");
    onTestFinished(() => void spawnSync("umount", ["-l", out]));
    await writeFile(join(folder, "data.csv"), table(20_000));
    const end = await cli(["run", "--input", "data.csv", "--output", "out"], folder);
    expect(end.code).toBe(75);
    expect(end.said).toContain("OUTPUT_UNWRITABLE");
    expect(await readdir(out)).toEqual([]);
  });

  test("a second run into the same folder at once is refused, the first one ends well", async () => {
    const folder = await withFolder();
    await writeFile(join(folder, "data.csv"), table(30_000));
    const args = ["run", "--input", "data.csv", "--output", "out"];
    const first = startCli(args, folder);
    await first.said("loading");
    const second = await cli(args, folder);
    expect(second.code).toBe(75);
    expect(second.said).toContain("OUTPUT_BUSY");
    expect((await first.end).code).toBe(0);
    expect((await manifestOf(join(folder, "out"))).counts.rowsOut).toBe(30_000);
  });
});
