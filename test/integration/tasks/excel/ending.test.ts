import { execFile } from "node:child_process";
import { existsSync, readdirSync, watch } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { withFolder } from "../../../helpers/engine.ts";
import { put, ranExcel, sheetAt } from "../../../helpers/excel.ts";
import { largeRecord, writeLargeTable } from "../../../helpers/large-table.ts";

const PROGRAM = fileURLToPath(new URL("../../../programs/run-excel.ts", import.meta.url));

/** Resolves when something whose name matches appears in a folder. */
function appearance(folder: string, name: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (!readdirSync(folder).some((one) => name.test(one))) return;
      watcher.close();
      resolve();
    });
  });
}

describe("when the attempt is to end", () => {
  it("a workbook that is being written leaves nothing", async () => {
    const folder = await withFolder();
    await writeLargeTable(join(folder, "table.csv"), 100_000);
    await mkdir(join(folder, "out"));
    const end = new AbortController();
    const begun = appearance(join(folder, "out"), /^t\.xlsx\..*\.tmp$/);
    const run = ranExcel(folder, { to: "out/t.xlsx", files: "table.csv" }, { signal: end.signal });
    const ended = Promise.allSettled([run]);
    await begun;
    end.abort(new Error("its time is up"));
    expect(await ended).toMatchObject([{ status: "rejected", reason: { code: "CANCELED" } }]);
    expect(await readdir(join(folder, "out"))).toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(["out", "table.csv"]);
  });

  it("tables that are being read leave nothing", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a,b\n1,2\n");
    await ranExcel(folder, { to: "t.xlsx", files: "t.csv" });
    await mkdir(join(folder, "out"));
    const end = new AbortController();
    const begun = appearance(join(folder, "out"), /\.tmp$/);
    const options = { action: "read", read: "t.xlsx", to: "out" };
    const run = ranExcel(folder, options, { signal: end.signal });
    const ended = Promise.allSettled([run]);
    await begun;
    end.abort(new Error("its time is up"));
    expect(await ended).toMatchObject([{ status: "rejected", reason: { code: "CANCELED" } }]);
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });

  it("a workbook is not even begun when the end came before", async () => {
    const folder = await withFolder();
    await put(folder, "t.csv", "a,b\n1,2\n");
    const signal = AbortSignal.abort(new Error("over"));
    const run = ranExcel(folder, { to: "t.xlsx", files: "t.csv" }, { signal });
    await expect(run).rejects.toMatchObject({ code: "CANCELED" });
    expect(existsSync(join(folder, "t.xlsx"))).toBe(false);
  });
});

it("what an attempt left that was killed is put away by the next", async () => {
  const folder = await withFolder();
  await put(folder, "t.csv", "a,b\n1,2\n");
  await put(folder, "staging-1/table-0/records.parquet", "half of it");
  await ranExcel(folder, { to: "t.xlsx", files: "t.csv" }, { attempt: 2 });
  expect((await readdir(folder)).toSorted()).toEqual(["t.csv", "t.xlsx"]);
});

describe("200,000 rows of ten columns", () => {
  const ROWS = 200_000;
  /** Less than the table takes as objects, and than its XML as one text. */
  const HEAP_MB = 64;

  it("go through a heap far smaller than they are, there and back", async () => {
    const folder = await withFolder();
    await writeLargeTable(join(folder, "table.csv"), ROWS);
    const run = async (options: object) => {
      const args = [
        `--max-old-space-size=${HEAP_MB}`,
        "--import",
        "tsx",
        PROGRAM,
        folder,
        JSON.stringify(options),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return JSON.parse(stdout) as { results: { rows: number }; peakBytes: number };
    };
    const there = await run({ to: "t.xlsx", files: "table.csv" });
    expect(there.results.rows).toBe(ROWS);
    expect(there.peakBytes).toBeLessThan(300e6);
    const back = await run({ action: "read", read: "t.xlsx", to: "out" });
    expect(back.results).toMatchObject({ rows: ROWS, files: [join(folder, "out/t.table.csv")] });
    expect(back.peakBytes).toBeLessThan(300e6);
    const again = await run({ to: "again.xlsx", files: "out/*.csv", maxRows: 100_001 });
    expect(again.results.rows).toBe(ROWS);
    const sheet = await sheetAt(join(folder, "again.xlsx"), "t.table (2)");
    const last = sheet.getRow(100_001).values as unknown[];
    expect([last[1], last[2], last[3]]).toEqual([ROWS, ...largeRecord(ROWS - 1).slice(1, 3)]);
  }, 300_000);
});
