import { join } from "node:path";
import { expect, test } from "vitest";
import { diskCheck, freeSpaces } from "../../../../src/daemon/checks/index.ts";
import { withFolder } from "../../../helpers/engine.ts";

const GB = 1e9;

test("the disk with the least space counts", () => {
  const spaces = [
    { folder: "/a", freeBytes: 50 * GB },
    { folder: "/b", freeBytes: 2.5 * GB },
  ];
  expect(diskCheck(spaces, 1 * GB)).toEqual({
    name: "disk",
    level: "ok",
    text: "2.5 GB are free at /b.",
    remedy: null,
  });
});

test.each([
  [1 * GB, "failing"],
  [1.5 * GB, "failing"],
  [1.6 * GB, "warning"],
  [3.1 * GB, "ok"],
] as const)("with %d bytes free it is %s", (freeBytes, level) => {
  expect(diskCheck([{ folder: "/a", freeBytes }], 1.55 * GB).level).toBe(level);
});

test("a folder that cannot be looked at is told, unless another is full", () => {
  const unknown = { folder: "/gone", freeBytes: null };
  expect(diskCheck([unknown], GB)).toMatchObject({
    level: "warning",
    text: "/gone cannot be looked at.",
  });
  expect(diskCheck([unknown, { folder: "/a", freeBytes: 0 }], GB).level).toBe("failing");
  expect(diskCheck([], GB).level).toBe("ok");
});

test("a folder that is not there yet is looked at where it will be", async () => {
  const folder = await withFolder();
  const [there, later] = await freeSpaces([folder, join(folder, "x", "y")]);
  expect(there?.freeBytes).toBeGreaterThan(0);
  expect(later?.freeBytes).toBeGreaterThan(0);
  // each disk is asked once
  expect(await freeSpaces([folder, folder])).toHaveLength(1);
  const [none] = await freeSpaces([join(folder, "nul\0")]);
  expect(none?.freeBytes).toBeNull();
});
