import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  fileSha256,
  readJson,
  sha256,
  writeJson,
  writeText,
  writeWhole,
} from "../../../src/core/index.ts";
import { withFolder } from "../../helpers/engine.ts";

test("a file appears whole, its folder made", async () => {
  const folder = await withFolder();
  await writeText(join(folder, "deep", "a.txt"), "text");
  expect(await readFile(join(folder, "deep", "a.txt"), "utf8")).toBe("text");
  expect(await readdir(join(folder, "deep"))).toEqual(["a.txt"]);
  expect(await fileSha256(join(folder, "deep", "a.txt"))).toBe(sha256("text"));
});

test("a writer that fails leaves the old file and nothing else", async () => {
  const folder = await withFolder();
  const path = join(folder, "a.txt");
  await writeText(path, "old");
  const failing = writeWhole(path, async (aside) => {
    await writeFile(aside, "half");
    throw new Error("in the middle");
  });
  await expect(failing).rejects.toThrow("in the middle");
  expect(await readdir(folder)).toEqual(["a.txt"]);
  expect(await readFile(path, "utf8")).toBe("old");
});

test("a place that cannot be written is told with its path", async () => {
  const folder = await withFolder();
  await writeFile(join(folder, "file"), "");
  await expect(writeText(join(folder, "file", "a.txt"), "")).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
    message: expect.stringContaining(join(folder, "file", "a.txt")),
  });
  await mkdir(join(folder, "taken"));
  await writeText(join(folder, "taken", "b"), "");
  await expect(writeText(join(folder, "taken"), "")).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
  });
});

test("a JSON artifact is checked when it is read", async () => {
  const folder = await withFolder();
  const path = join(folder, "a.json");
  const shape = z.object({ rows: z.number() });
  await writeJson(path, { rows: 3 });
  expect(await readJson(path, shape)).toEqual({ rows: 3 });
  await writeJson(path, { rows: "many" });
  await expect(readJson(path, shape)).rejects.toMatchObject({
    code: "ARTIFACT_INVALID",
    message: expect.stringMatching(/a\.json: at rows:/),
  });
  await writeText(path, "{");
  await expect(readJson(path, shape)).rejects.toMatchObject({ code: "ARTIFACT_INVALID" });
  await expect(readJson(join(folder, "none"), shape)).rejects.toMatchObject({
    code: "ARTIFACT_INVALID",
  });
});
