import { join } from "node:path";
import { once } from "node:events";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { withFolder } from "../../helpers/engine.ts";
import { withProgram, withStore } from "../../helpers/store.ts";

test("what was told to be on disk is there after a kill, in order and in whole entries", async () => {
  const folder = await withFolder();
  for (const round of [1, 2, 3]) {
    const inRound = join(folder, String(round));
    const child = withProgram("commit-tasks.ts", [inRound]);
    let told = 0;
    await new Promise<void>((resolve) => {
      child.on("message", (n: number) => {
        told = n;
        if (told >= round * 40) resolve();
      });
    });
    child.kill("SIGKILL");
    await once(child, "exit");

    const store = withStore(inRound);
    const tasks = store.readAccount("r1", "a").tasks();
    const pairs = tasks.length / 2;
    expect(pairs).toBeGreaterThanOrEqual(told);
    const expected = Array.from({ length: pairs }, (_, i) => [`t${i + 1}`, `t${i + 1}/twin`]);
    expect(tasks.map(({ task }) => task)).toEqual(expected.flat());
    expect(store.runEvents("r1").map(({ seq }) => seq)).toEqual(expected.map((_, i) => i + 1));
    const database = new Database(join(inRound, "accounts", "a.sqlite"), { readonly: true });
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    database.close();
    // The process is gone: nobody has to wait for its lease.
    expect(store.take("r1").isHeld()).toBe(true);
    expect(store.openAccount("r1", "a").journal.tasks()).toHaveLength(tasks.length);
  }
});
