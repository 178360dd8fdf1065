import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { settingsFor } from "../../../src/config/index.ts";
import { LEAST_NODE, memoryCheck, nodeCheck } from "../../../src/doctor/machine.ts";
import { sizeText } from "../../../src/doctor/size-text.ts";

it("asks for the Node.js that package.json asks for", async () => {
  const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  expect(JSON.parse(text)).toMatchObject({ engines: { node: `>=${LEAST_NODE}` } });
});

it("refuses a Node.js that is too old", () => {
  expect(["20.18.3", "18.20.0", "20.19.0", "22.1.0"].map((v) => nodeCheck(v).level)).toEqual([
    "failing",
    "failing",
    "ok",
    "ok",
  ]);
  expect(nodeCheck("18.20.0").text).toBe("18.20.0, expected 20.19 or later");
});

it("warns of memory that the largest engine would not have", () => {
  const { accounts, ...rest } = settingsFor({ input: "x.csv", output: "out", cwd: "/data" });
  const [account] = accounts;
  const large = { ...account!, engine: { memoryLimit: "1.5 gb", threads: 1 } };
  const settings = { ...rest, accounts: [account!, large] };
  expect(memoryCheck(settings, 2.3e9)).toMatchObject({ level: "ok", remedy: null });
  expect(memoryCheck(settings, 2.1e9)).toMatchObject({
    level: "warning",
    text: expect.stringMatching(
      /^2\.1 GB of .* available, but an account's engine may take 2\.2 GB$/,
    ),
  });
  expect(memoryCheck(undefined, 0.5e9).level).toBe("warning");
});

it("says sizes as people read them", () => {
  expect([12_340_000_000, 512_400_000, 1_200, 0].map(sizeText)).toEqual([
    "12.3 GB",
    "512 MB",
    "2 kB",
    "0 kB",
  ]);
});
