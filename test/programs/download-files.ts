/**
 * One attempt of a download, to be killed in between.
 *
 *     node --import tsx download-files.ts FOLDER OPTIONS ATTEMPT
 *
 * Its journal is FOLDER/journal.jsonl. It sends `begun`, and its results at the end.
 */
import { join } from "node:path";
import { ranDownload } from "../helpers/download.ts";
import { fileJournal } from "../helpers/file-journal.ts";

const [folder = "", options = "{}", attempt = "1"] = process.argv.slice(2);
const journal = await fileJournal(join(folder, "journal.jsonl"));
process.send?.("begun");
const results = await ranDownload(folder, JSON.parse(options), {
  journal,
  attempt: Number(attempt),
});
process.send?.(results, () => process.disconnect());
