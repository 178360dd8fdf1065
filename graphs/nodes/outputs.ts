import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Manifest, readJson, writeText } from "../../src/core/index.ts";
import type { StageRecord } from "../../src/orchestration/index.ts";
import { portableDataset, publish, writeTables } from "../../src/outputs/index.ts";
import { collectReportFacts, renderReport } from "../../src/reports/index.ts";
import { Ranking } from "../../src/stages/ranking/index.ts";
import { Score } from "../../src/stages/scoring/index.ts";
import { Candidate } from "../../src/stages/transformation/index.ts";
import { Verdict } from "../../src/stages/validation/index.ts";
import { tablesOf } from "./tables.ts";
import type { Workspace } from "./workspace.ts";

/** Where the outputs go and what they are the answer to. */
interface OutputPlan {
  readonly folder: string;
  readonly key: string;
  readonly tool: string;
  readonly timings: readonly StageRecord[];
}

type ManifestHead = Omit<Manifest, "files">;

/** Write all outputs of a dataset: the winner's tables, what the stages found, and the report. */
export async function writeOutputs(work: Workspace, plan: OutputPlan): Promise<void> {
  await publish(plan.folder, work.place.run.runId, async (aside) => {
    const dataset = await work.dataset();
    const { winner } = await readJson(work.path("ranking.json"), Ranking);
    const verdict = await readJson(work.path(`verdicts/${winner}.json`), Verdict);
    const score = await readJson(work.path(`scores/${winner}.json`), Score);
    const counts = verdict.accounting;
    const columnsOut = await writeTables(aside, {
      dataset,
      recipe: verdict.recipe,
      execution: await tablesOf(work, verdict),
      formats: work.settings.output.formats,
      counts,
      ask: work.ask,
      signal: work.signal,
    });
    await copyArtifacts(work, aside);
    const head: ManifestHead = {
      version: 1,
      tool: plan.tool,
      key: plan.key,
      account: work.settings.id,
      dataset: portableDataset(dataset),
      columnsOut,
      winner,
      counts,
      qualityBefore: score.baseline,
      qualityAfter: score.value,
    };
    if (work.settings.output.report) {
      await writeText(join(aside, "report.html"), await reportPage(work, plan, head, aside));
    }
    return head;
  });
}

async function copyArtifacts(work: Workspace, aside: string): Promise<void> {
  for (const name of ["profile", "verdicts", "scores", "ranking"]) {
    await copyFile(work.path(`${name}.json`), join(aside, `${name}.json`));
  }
  await mkdir(join(aside, "candidates"), { recursive: true });
  for (const { id } of await readJson(work.path("candidates.json"), z.array(Candidate))) {
    await copyFile(work.path(`candidates/${id}.json`), join(aside, "candidates", `${id}.json`));
  }
}

async function reportPage(
  work: Workspace,
  { tool, timings }: OutputPlan,
  head: ManifestHead,
  aside: string,
): Promise<string> {
  const verdict = await readJson(work.path(`verdicts/${head.winner}.json`), Verdict);
  const { paths, columns } = await tablesOf(work, verdict);
  const candidates = await readJson(work.path("candidates.json"), z.array(Candidate));
  const winner = candidates.find(({ id }) => id === head.winner);
  const columnsIn = head.dataset.columns.map(({ name }) => name);
  const encoding = head.dataset.files[0]?.dialect?.encoding;
  const table = { columnsIn, columnsOut: columns, encoding };
  const { rejectsPath } = await work.dataset();
  const files = { ...paths, ...(rejectsPath ? { rejects: rejectsPath } : {}) };
  const facts = await collectReportFacts(work.ask, files, table, work.signal);
  return renderReport({
    ...facts,
    tool,
    account: head.account,
    dataset: head.dataset,
    profile: await work.profile(),
    candidates,
    verdicts: await readJson(work.path("verdicts.json"), z.array(Verdict)),
    scores: await readJson(work.path("scores.json"), z.array(Score)),
    ranking: await readJson(work.path("ranking.json"), Ranking),
    recipe: verdict.recipe,
    suggestions: [...(winner?.suggestions ?? []), ...verdict.suggestions],
    counts: head.counts,
    timings: timings.flatMap(({ stage, durationMs }) =>
      durationMs === null ? [] : [{ stage, durationMs }],
    ),
    files: await neighbours(aside),
  });
}

/** Neighbours that a reader may want, with what they hold. */
const TITLES = new Map([
  ["changes.parquet", "Every changed cell with its reason"],
  ["quarantine.parquet", "Rows and cells set aside"],
  ["duplicates.parquet", "Duplicate rows that were removed"],
  ["recipe.json", "The recipe that was applied"],
  ["profile.json", "What was found in the input"],
  ["ranking.json", "The candidates in order"],
]);

/** The files that are there, the cleaned table first. */
async function neighbours(aside: string): Promise<{ name: string; title: string }[]> {
  const names = (await readdir(aside)).toSorted();
  const cleaned = names.filter((name) => name.startsWith("cleaned."));
  const others = [...TITLES].filter(([name]) => names.includes(name));
  return [
    ...cleaned.map((name) => ({ name, title: "The cleaned table" })),
    ...others.map(([name, title]) => ({ name, title })),
  ];
}
