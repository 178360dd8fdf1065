import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { literal } from "../../../src/core/index.ts";
import { startEngine } from "../../../src/engine/index.ts";
import { withEngine, withFolder } from "../../helpers/engine.ts";

const anyRow = z.record(z.string(), z.unknown());

test("answers with plain values", async () => {
  const engine = withEngine(await withFolder());
  const rows = await engine.ask({
    sql: `SELECT 1::BIGINT AS n, 1e400::DOUBLE AS inf, [1, 2]::BIGINT[] AS list, {'a': 'x'} AS s,
          '\\x00\\xFF'::BLOB AS b, DATE '2020-01-02' AS d, 9007199254740993::BIGINT AS big`,
    row: anyRow,
  });
  expect(rows).toEqual([
    {
      n: 1,
      inf: null,
      list: [1, 2],
      s: { a: "x" },
      b: expect.anything(),
      d: "2020-01-02",
      big: "9007199254740993",
    },
  ]);
  expect([...(rows[0]!["b"] as Uint8Array)]).toEqual([0, 255]);
});

test("setup statements leave nothing behind", async () => {
  const engine = withEngine(await withFolder());
  const setup = ["CREATE TEMP TABLE t AS SELECT 7 AS n"];
  expect(await engine.ask({ setup, sql: "FROM t", row: anyRow })).toEqual([{ n: 7 }]);
  await expect(engine.ask({ sql: "FROM t", row: anyRow })).rejects.toMatchObject({
    code: "ENGINE_QUERY_FAILED",
  });
});

test("refuses files outside its folders", async () => {
  const engine = withEngine(await withFolder());
  await expect(
    engine.ask({ sql: "SELECT * FROM read_text('/etc/hostname')", row: anyRow }),
  ).rejects.toThrow(/not allowed|disabled|Permission/i);
});

test("an aborted query is canceled and the engine goes on", async () => {
  const engine = withEngine(await withFolder());
  const controller = new AbortController();
  await engine.ask({ sql: "SELECT 1", row: anyRow });
  const long = engine.ask(
    { sql: "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", row: anyRow },
    controller.signal,
  );
  controller.abort();
  await expect(long).rejects.toMatchObject({ code: "CANCELED" });
  expect(await engine.ask({ sql: "SELECT 1 AS n", row: anyRow })).toEqual([{ n: 1 }]);
});

test("a process that dies is replaced, the query asked again, and the caller told", async () => {
  const folder = await withFolder();
  const replaced: string[] = [];
  const engine = startEngine({
    folders: [folder],
    tempFolder: join(folder, "spill"),
    memoryLimit: "1GB",
    threads: 2,
    onReplaced: (reason) => replaced.push(reason),
  });
  try {
    await engine.ask({ sql: "SELECT 1", row: anyRow });
    const first = engine.pid!;
    const answer = engine.ask({
      setup: [
        `COPY (SELECT range FROM range(20000000)) TO ${literal(join(folder, "x.parquet"))} (FORMAT parquet)`,
      ],
      sql: "SELECT 2 AS n",
      row: anyRow,
    });
    process.kill(first, "SIGKILL");
    expect(await answer).toEqual([{ n: 2 }]);
    expect(replaced).toEqual(["signal SIGKILL"]);
    expect(engine.pid).not.toBe(first);
  } finally {
    await engine.close();
  }
  expect(engine.pid).toBeUndefined();
});

test("ends at once when it is closed under a long query", async () => {
  const engine = withEngine(await withFolder());
  await engine.ask({ sql: "SELECT 1", row: anyRow });
  const pid = engine.pid!;
  const long = engine.ask({
    sql: "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b",
    row: anyRow,
  });
  const [end] = await Promise.allSettled([long, engine.close()]);
  expect(end).toMatchObject({ status: "rejected", reason: { code: "ENGINE_DIED" } });
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
