/** A stage's artifact as a person wants to read it. */
import type { StageRequest, StageResult } from "../../orchestration/index.ts";
import { count, counted, percent } from "../figures.ts";
import { printable } from "../printable.ts";
import type { SummaryOptions } from "./summary.ts";
import { table } from "./table.ts";
import { CandidatesView, ProfileView, RankingView, ScoresView, VerdictsView } from "./views.ts";

interface ArtifactOptions extends SummaryOptions {
  /** Places to list. */
  readonly top?: number | undefined;
}

type Render = (result: StageResult["result"], options: ArtifactOptions) => string[];

const RENDERERS: Readonly<Record<StageRequest["stage"], Render>> = {
  profiling: (result, options) => profileLines(ProfileView.parse(result), options),
  transformation: (result, options) => candidateLines(CandidatesView.parse(result), options),
  validation: (result, options) => verdictLines(VerdictsView.parse(result), options),
  scoring: (result, options) => scoreLines(ScoresView.parse(result), options),
  ranking: (result, options) => rankingLines(RankingView.parse(result), options),
};

/** Lines that sum up what a stage found. */
export function artifactSummary(
  { stage, top }: Pick<StageRequest, "stage" | "top">,
  result: StageResult["result"],
  options: SummaryOptions,
): string[] {
  return RENDERERS[stage](result, { ...options, top });
}

function profileLines(profile: ProfileView, { style, width }: SummaryOptions): string[] {
  const { rows, columns, keys, dependencies, duplicates, quality } = profile;
  const body = columns.map((column) => {
    const missing = column.nulls + column.nullTokens.reduce((sum, { count: n }) => sum + n, 0);
    return [
      printable(column.name),
      column.kind + (column.kindShare < 1 ? ` ${percent(column.kindShare)}` : ""),
      missing === 0 ? "" : count(missing),
      count(column.distinct),
      printable(String(column.numbers?.min ?? column.min ?? "")),
      printable(String(column.numbers?.max ?? column.max ?? "")),
      column.top
        .slice(0, 3)
        .map(({ value, count: n }) => `${printable(value)} (${count(n)})`)
        .join(", "),
    ];
  });
  const head = ["column", "kind", "missing", "distinct", "least", "greatest", "most frequent"];
  const strong = dependencies.filter(({ strength }) => strength >= 0.9).slice(0, 10);
  return [
    `${printable(profile.dataset)}: ${counted(rows, "row")}, ${counted(columns.length, "column")}, ${counted(duplicates.rows, "duplicate row")}`,
    "",
    ...table({ head, right: [2, 3], cut: [0, 4, 5, 6] }, body, style, width),
    "",
    ...keys.map((key) => `key: ${names(key.columns)}${violations(key.violations)}`),
    ...strong.map(
      (d) =>
        `depends: ${names(d.determinant)} → ${printable(d.dependent)}${violations(d.violations)}`,
    ),
    `quality: ${Object.entries(quality)
      .map(([name, share]) => `${name} ${percent(share)}`)
      .join(", ")}`,
  ];
}

function candidateLines(candidates: CandidatesView, { style, width }: SummaryOptions): string[] {
  const rows = candidates.map(({ id, title, description, recipe, suggestions }) => [
    id,
    title,
    count(recipe.steps.length),
    count(suggestions.length),
    printable(description),
  ]);
  const head = ["candidate", "title", "steps", "suggestions", "what sets it apart"];
  return table({ head, right: [2, 3], cut: [1, 4] }, rows, style, width);
}

function verdictLines(verdicts: VerdictsView, { style, width }: SummaryOptions): string[] {
  const rows = verdicts.map(({ candidateId, passed, rules, recipe, suggestions, accounting }) => [
    candidateId,
    passed ? style.green("passed") : style.red("refused"),
    `${rules.filter((rule) => rule.passed).length} of ${rules.length}`,
    count(recipe.steps.length),
    count(suggestions.length),
    count(accounting.cellsChanged),
    count(accounting.rowsQuarantined),
  ]);
  const head = [
    "candidate",
    "verdict",
    "rules kept",
    "steps",
    "suggestions",
    "cells changed",
    "rows set aside",
  ];
  const broken = verdicts.flatMap(({ candidateId, rules }) =>
    rules
      .filter((rule) => !rule.passed)
      .map(
        ({ rule, hard, message }) =>
          `${candidateId}: ${rule}${hard ? "" : " (soft)"}: ${printable(message)}`,
      ),
  );
  const lines = table({ head, right: [2, 3, 4, 5, 6], cut: [0] }, rows, style, width);
  return broken.length === 0 ? lines : [...lines, "", ...broken];
}

function scoreLines(scores: ScoresView, { style, width }: SummaryOptions): string[] {
  const metrics = scores[0]?.parts.map(({ metric }) => metric) ?? [];
  const rows = scores.map(({ candidateId, value, baseline, parts, cost }) => [
    candidateId,
    value.toFixed(4),
    signed(value - baseline),
    ...metrics.map((name) => percent(parts.find(({ metric }) => metric === name)?.after ?? 0)),
    count(cost.cellsChanged),
  ]);
  const head = ["candidate", "score", "gain", ...metrics, "cells changed"];
  return table({ head, right: head.map((_, i) => i).slice(1), cut: [0] }, rows, style, width);
}

function rankingLines(ranking: RankingView, { style, top }: ArtifactOptions): string[] {
  return [
    `policy ${ranking.policy}, winner ${style.bold(ranking.winner)}`,
    "",
    ...ranking.places
      .slice(0, top)
      .flatMap(({ rank, candidateId, value, qualified, reason }) => [
        `${rank}. ${style.bold(candidateId)} ${value.toFixed(4)}${qualified ? "" : style.red(" not qualified")}`,
        `   ${printable(reason)}`,
      ]),
  ];
}

function signed(n: number): string {
  return `${n < 0 ? "-" : "+"}${Math.abs(n).toFixed(4)}`;
}

function names(columns: readonly string[]): string {
  return columns.map(printable).join(" + ");
}

function violations(n: number): string {
  return n === 0 ? "" : ` (${counted(n, "row")} against it)`;
}
