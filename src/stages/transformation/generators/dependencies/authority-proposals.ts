/** Steps that write what an entity's own source says of it. */
import { type Change, changeEvidence } from "../../change-evidence.ts";
import type { Proposal } from "../../generator.ts";
import { type Authority, type Correction, corrections } from "./authority.ts";
import { type CodedColumn, EMPTY } from "./coded-table.ts";
import { wilsonLower } from "./intervals.ts";
import type { Reports } from "./reports.ts";

/** A dictionary longer than this is no step that a person can judge. */
const MOST_ENTRIES = 20_000;
/** Overwriting asks for more caution than filling: the sources may report different things. */
const MOST_CONFIDENT = { fill: 0.96, overwrite: 0.9 };

/** Proposals for one reported column: what fills, and what overwrites. */
export function authorityProposals(
  reports: Reports,
  authority: Authority,
  column: CodedColumn,
): Proposal[] {
  if (column === reports.entity || column === reports.source) return [];
  const all = corrections(reports, authority, column);
  const sure = wilsonLower(authority.agreed, authority.judged);
  return [
    ...proposal(
      reports,
      authority,
      column,
      all.filter(({ own }) => own === EMPTY),
      Math.min(sure, MOST_CONFIDENT.fill),
    ),
    ...proposal(
      reports,
      authority,
      column,
      all.filter(({ own }) => own !== EMPTY),
      Math.min(sure, MOST_CONFIDENT.overwrite),
    ),
  ];
}

function proposal(
  { entity, source }: Reports,
  { owners, judged, agreed }: Authority,
  column: CodedColumn,
  found: readonly Correction[],
  confidence: number,
): Proposal[] {
  if (found.length === 0 || found.length > MOST_ENTRIES) return [];
  const text = (code: number) => (code === EMPTY ? null : (column.values[code] ?? null));
  const changes: Change[] = found.map(({ own, told, count }) => ({
    old: text(own),
    new: text(told),
    count,
  }));
  const step: Proposal["step"] = {
    operation: "map_by_key",
    columns: [column.name],
    args: {
      key: [entity.name],
      map: found.map(({ about, own, told }) => [entity.values[about] ?? "", text(own), text(told)]),
    },
    onFail: "keep",
    evidence: changeEvidence(
      `Each ${entity.name} names its owner, and the ${source.name} of that name (${owners.slice(0, 5).join(", ")}) reports on it first-hand. Where nearly all other sources agree, the owner says the same in ${agreed} of ${judged} cells; ${column.name} is written as the owner has it.`,
      mergeChanges(changes),
      { support: agreed, counterExamples: judged - agreed },
    ),
  };
  return [{ step, confidence, intent: "repair" }];
}

/** The same change in several entities counts as one sample. */
function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const key = JSON.stringify([change.old, change.new]);
    merged.set(key, { ...change, count: change.count + (merged.get(key)?.count ?? 0) });
  }
  return [...merged.values()];
}
