import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasFailedDetached } from "../../../src/tasks/index.ts";
import { withFolder } from "../../helpers/engine.ts";

test.each([
  ["ends well", "echo well", false, "well\n"],
  [
    "gives up",
    "echo no right to >&2; exit 3",
    true,
    /^no right to\nsh \(in .*\) ended with exit code 3\.\n$/,
  ],
  ["is ended by a signal", "kill -TERM $$", false, /was ended by SIGTERM\.\n$/],
  ["has seen its program ended by a signal", "exit 143", false, /exit code 143\.\n$/],
])("a program that %s", async (_how, script, failed, said) => {
  const cwd = await withFolder();
  const outputPath = join(cwd, "output");
  const env = { PATH: process.env["PATH"] ?? "" };
  const command = ["sh", "-c", script];
  expect(await hasFailedDetached({ command, cwd, env, outputPath })).toBe(failed);
  expect(await readFile(outputPath, "utf8")).toMatch(said);
});

test.each([
  ["no-such-program", "/"],
  ["sh", "/no/such/folder"],
  ["with\0zero", "/"],
])("%o in %s cannot be started, which its output says", async (program, cwd) => {
  const outputPath = join(await withFolder(), "output");
  expect(await hasFailedDetached({ command: [program], cwd, env: {}, outputPath })).toBe(true);
  expect(await readFile(outputPath, "utf8")).toContain("cannot be started");
});

test("it leads a session of its own, and has the environment that it is given and no other", async () => {
  const cwd = await withFolder();
  const outputPath = join(cwd, "output");
  const env = { PATH: process.env["PATH"] ?? "", OWN: "yes" };
  const script = `${process.execPath} -p 'JSON.stringify(process.env)'; ps -o sid= -p $$; echo $$`;
  await hasFailedDetached({ command: ["sh", "-c", script], cwd, env, outputPath });
  const [printed = "", session = "", pid = ""] = (await readFile(outputPath, "utf8")).split("\n");
  const { OWN, HOME } = JSON.parse(printed);
  expect({ OWN, HOME }).toEqual({ OWN: "yes", HOME: undefined });
  expect(session.trim()).toBe(pid.trim());
});
