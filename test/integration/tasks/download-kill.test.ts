import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ranDownload, savedNames, sha256 } from "../../helpers/download.ts";
import { withFolder } from "../../helpers/engine.ts";
import { serves, startFaultServer } from "../../helpers/fault-http-server.ts";
import { fileJournal } from "../../helpers/file-journal.ts";
import { withProgram } from "../../helpers/store.ts";

/** What is noted of a part of a download; 0 before there is one. */
async function notedBytes(folder: string): Promise<number> {
  const memory = join(folder, "in/.download");
  const names = await readdir(memory).catch(() => []);
  const name = names.find((one) => one.endsWith(".json"));
  if (name === undefined) return 0;
  const { part } = JSON.parse(await readFile(join(memory, name), "utf8")) as {
    part: { bytes: number } | null;
  };
  return part?.bytes ?? 0;
}

it("a download goes on where it was when its process was killed", async () => {
  const folder = await withFolder();
  const content = randomBytes(40_000_000);
  const headers = { etag: '"v1"' };
  const server = await startFaultServer({
    "/big.bin": [
      (_request, response) => {
        response.writeHead(200, { ...headers, "content-length": String(content.length) });
        response.write(content.subarray(0, 30_000_000));
      },
      serves(content, { headers }),
    ],
  });
  const options = { from: `${server.url}/big.bin` };
  const child = withProgram("download-files.ts", [folder, JSON.stringify(options)]);
  await expect.poll(() => notedBytes(folder), { timeout: 50_000 }).toBeGreaterThan(16_000_000);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await savedNames(folder)).toEqual([]);
  const journal = await fileJournal(join(folder, "journal.jsonl"));
  const { sources } = await ranDownload(folder, options, { journal, attempt: 2 });
  expect(sources[0]).toMatchObject({ sha256: sha256(content), status: "new" });
  const [, start] = /^bytes=(\d+)-$/.exec(server.requests[1]!.headers.range ?? "") ?? [];
  expect(Number(start)).toBeGreaterThan(16_000_000);
  expect(sha256(await readFile(join(folder, "in/big.bin")))).toBe(sha256(content));
});

it("no file that is moved is lost or told twice, whenever its process is killed", async () => {
  const folder = await withFolder();
  const names = Array.from({ length: 400 }, (_all, i) => `file-${String(i).padStart(3, "0")}.csv`);
  await mkdir(join(folder, "drop"));
  for (const name of names) await writeFile(join(folder, "drop", name), `${name}\n`.repeat(50));
  const options = { from: { path: "drop/*.csv", move: true } };
  const moved = async () => (await readdir(join(folder, "in")).catch(() => [])).length;
  const args = [folder, JSON.stringify(options)];
  const left = async () => (await readdir(join(folder, "drop"))).length;
  // Each process is killed once a few more files are there than the one before it left.
  const inBetween: number[] = [];
  for (let attempt = 1; attempt <= 6 && (await left()) > 50; attempt++) {
    const child = withProgram("download-files.ts", [...args, String(attempt)]);
    const exit = once(child, "exit");
    const wanted = (await moved()) + randomInt(1, 20);
    await expect.poll(moved, { interval: 1, timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
    child.kill("SIGKILL");
    await exit;
    inBetween.push(await left());
  }
  expect(inBetween.some((count) => count > 0 && count < names.length)).toBe(true);
  const last = withProgram("download-files.ts", [...args, "9"]);
  const told: unknown[] = [];
  last.on("message", (message) => told.push(message));
  await once(last, "exit");
  const results = told.at(-1);
  expect(results).toMatchObject({
    files: names.map((name) => join(folder, "in", name)),
    sources: names.map((name) => ({ sha256: sha256(`${name}\n`.repeat(50)), status: "moved" })),
  });
  expect(await savedNames(folder)).toEqual(names);
  expect(await readdir(join(folder, "drop"))).toEqual([]);
  expect(existsSync(join(folder, "journal.jsonl"))).toBe(true);
});
