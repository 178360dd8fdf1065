import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { JournalEntry } from "../../src/orchestration/index.ts";
import { memoryJournal, type MemoryJournal } from "./memory-journal.ts";

/** A journal that outlives its process: each entry is a line of a file. */
export async function fileJournal(path: string): Promise<MemoryJournal> {
  const journal = memoryJournal();
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  // What a kill cut short was not committed.
  for (const line of lines.slice(0, -1)) {
    const entry: JournalEntry = JSON.parse(line);
    await journal.commit(entry);
  }
  return {
    ...journal,
    async commit(entry) {
      appendFileSync(path, `${JSON.stringify(entry)}\n`);
      await journal.commit(entry);
    },
  };
}
