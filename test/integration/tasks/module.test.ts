import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TaskResults } from "../../../src/orchestration/index.ts";
import { module } from "../../../src/tasks/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { taskContext } from "../../helpers/task-context.ts";

/** Write a module and run it as a task. */
async function ran(source: string, options: object = {}): Promise<TaskResults> {
  const folder = await withFolder();
  await writeFile(join(folder, "task.mjs"), source);
  const checked = module.options.parse({ path: "task.mjs", ...options });
  return module.run(taskContext({ options: checked, folder }));
}

const invalid = (text: string) =>
  expect.objectContaining({ code: "MODULE_INVALID", message: expect.stringContaining(text) });

describe("a module", () => {
  it("is given the context with its own options", async () => {
    const source = `export default async ({ options, account, attempt, signal }) =>
      ({ ...options, account, attempt, aborted: signal.aborted });`;
    expect(await ran(source, { with: { n: [1] } })).toEqual({
      n: [1],
      account: "acme",
      attempt: 1,
      aborted: false,
    });
  });

  it.each([
    ["its default export", "export default () => ({ by: 'default' }); export const run = 1;", {}],
    ["run", "export const run = () => ({ by: 'run' });", {}],
    ["the export named", "export function tidy() { return { by: 'tidy' }; }", { export: "tidy" }],
  ])("is called by %s", async (_name, source, options) => {
    expect(Object.keys(await ran(source, options))).toEqual(["by"]);
  });

  it("causes effects through the ledger", async () => {
    const source = `export default async ({ effect }) =>
      ({ key: await effect({ name: "send", cause: async (key) => key }) });`;
    expect((await ran(source))["key"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("may give back nothing", async () => {
    expect(await ran("export default () => {};")).toEqual({});
  });

  it("fails with what it throws", async () => {
    const source = "export const run = () => { throw new RangeError('too far'); };";
    await expect(ran(source)).rejects.toThrow(new RangeError("too far"));
  });

  it("fails when what it gives back is no plain JSON", async () => {
    const source = "export const run = () => ({ rows: [{ at: new Date(0) }] });";
    await expect(ran(source)).rejects.toMatchObject({
      code: "RESULT_INVALID",
      message: expect.stringContaining(".rows[0].at"),
    });
  });

  it("is refused when it is not there", async () => {
    await expect(ran("", { path: "other.mjs" })).rejects.toEqual(invalid("other.mjs"));
  });

  it("is refused when it cannot be loaded", async () => {
    await expect(ran("throw new Error('broken');")).rejects.toEqual(invalid("broken"));
  });

  it("is refused when it lacks the export", async () => {
    const source = "export const tidy = () => {}; export const run = 1;";
    await expect(ran(source)).rejects.toEqual(invalid("default or run; it exports run, tidy"));
    await expect(ran(source, { export: "fix" })).rejects.toEqual(invalid("exported as fix"));
  });
});
