/**
 * Repair quality on dirty/clean pairs, through the same code as `data-wrangler run`.
 *
 *   npm run bench:repair -- [FOLDER] [--only NAME] [--json FILE]
 *
 * FOLDER holds one folder per pair, each with dirty.csv and clean.csv. Every pair is run twice: the
 * dirty file, scored against the clean one, and the clean file, in which nothing should change.
 */
import { readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { sharedData } from "../helpers/shared-data.ts";
import { type RepairOutcome, repairPair } from "./repair-pair.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", multiple: true }, json: { type: "string" } },
});
const folder = resolve(positionals[0] ?? sharedData("repair"));

const three = (share: number) => share.toFixed(3);
const line = (...cells: (string | number)[]) =>
  process.stdout.write(
    `${cells.map((cell, i) => (i < 2 ? String(cell).padEnd(i ? 7 : 18) : String(cell).padStart(9))).join(" ")}\n`,
  );

const sets = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && (values.only?.includes(entry.name) ?? true))
  .map(({ name }) => name)
  .toSorted();
const outcomes: RepairOutcome[] = [];
line(
  "set",
  "mode",
  "wrong",
  "fixed",
  "misfixed",
  "corrupted",
  "quarant.",
  "P",
  "R",
  "F1",
  "seconds",
  "clean chg",
  "balanced",
  "winner",
);
for (const set of sets) {
  const outcome = await repairPair(join(folder, set));
  outcomes.push(outcome);
  for (const mode of ["strict", "typed"] as const) {
    const s = outcome[mode];
    const counts = [
      s.wrong,
      s.fixed,
      s.misfixed,
      s.corrupted,
      s.quarantinedWrong + s.quarantinedClean,
    ];
    const rates = [three(s.precision), three(s.recall), three(s.f1)];
    const rest =
      mode === "strict"
        ? [
            outcome.seconds.toFixed(1),
            outcome.cleanChanged,
            outcome.balanced ? "yes" : "NO",
            outcome.winner,
          ]
        : [];
    line(mode === "strict" ? set : "", mode, ...counts, ...rates, ...rest);
  }
}
if (values.json) await writeFile(values.json, JSON.stringify(outcomes, null, 2));
