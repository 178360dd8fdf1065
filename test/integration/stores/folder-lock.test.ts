import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFolder } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";

/** Number of a process that certainly is no more. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

test("an output folder has one writer; a dead writer's lock is taken over", async () => {
  const folder = await withFolder();
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "OUTPUT_BUSY" });
  await release();
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toEqual([]);

  const dead = { token: "t", pid: deadProcess(), host: hostname(), born: "" };
  await writeFile(join(folder, ".data-wrangler.lock"), JSON.stringify(dead));
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test("of many that want an output folder at once, one gets it", async () => {
  const folder = await withFolder();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("an output folder that is a file is refused", async () => {
  const folder = await withFolder();
  await writeFile(join(folder, "taken"), "");
  await expect(lockFolder(join(folder, "taken"))).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
  });
});
