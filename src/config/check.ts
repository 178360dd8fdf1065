/** Checks a configuration file: every problem in one pass. */
import { checkSchedules } from "./check-schedules.ts";
import { checkWorkflows } from "./check-workflows.ts";
import type { SourceDocument } from "./document.ts";
import { PipelineFile } from "./file.ts";
import type { Holidays } from "./holidays.ts";
import { flawOfName } from "./names.ts";
import type { Path, Problem } from "./problems.ts";
import { knownKeys } from "./schema.ts";
import { shapeProblems } from "./shape.ts";
import { type WorkflowSource, workflowSources } from "./task-sources.ts";
import { valueAt } from "./value-at.ts";

/** A file that was checked. */
export interface CheckedFile {
  readonly problems: readonly Problem[];
  /** With its defaults; undefined when its shape is wrong. */
  readonly file: PipelineFile | undefined;
  /** What can be read of its workflows, whatever is wrong with it. */
  readonly workflows: readonly WorkflowSource[];
}

/**
 * All that is wrong with a file's value: its shape, then what a shape cannot say.
 *
 * @param complete - Whether every module that may define a kind of task is loaded.
 * @param days - Dates that were read from files that schedules name, and the folder of the file.
 */
export function checkFile(
  value: unknown,
  source: SourceDocument,
  complete = true,
  days: { readonly holidays: Holidays; readonly folder: string } = {
    holidays: new Map(),
    folder: "",
  },
): CheckedFile {
  const checked = PipelineFile.safeParse(value, { reportInput: true });
  const workflows = workflowSources(valueAt(value, ["workflows"]));
  const known = (path: Path): string[] => knownKeys(path, value);
  return {
    problems: [
      ...shapeProblems(checked.error?.issues ?? [], [], { value, source, known }),
      ...accountProblems(value, source),
      ...checkWorkflows(value, workflows, source, complete),
      ...checkSchedules(value, workflows, { source, ...days }),
    ],
    file: checked.data,
    workflows,
  };
}

function accountProblems(value: unknown, source: SourceDocument): Problem[] {
  const accounts = entriesOf(valueAt(value, ["accounts"]));
  const ids = accounts.map((account) => valueAt(account, ["id"]));
  return [
    ...nameProblems(ids, (i) => ["accounts", i, "id"], "an account id", source),
    ...accounts.flatMap((account, i) =>
      inputProblems(valueAt(account, ["inputs"]), ["accounts", i, "inputs"], source),
    ),
  ];
}

function inputProblems(inputs: unknown, path: Path, source: SourceDocument): Problem[] {
  const list = Array.isArray(inputs);
  const entries = list ? entriesOf(inputs) : [inputs];
  const at = (i: number): Path => (list ? [...path, i] : path);
  const names = entries.map((entry) => valueAt(entry, ["name"]));
  const wanting = entries.flatMap((entry, i) => {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return [];
    const given = ["path", "paths"].filter((key) => key in entry);
    if (given.length === 1) return [];
    const came = given.length === 0 ? "neither" : "both";
    return [source.problem(at(i), `expected either path or paths, got ${came}`)];
  });
  return [...wanting, ...nameProblems(names, (i) => [...at(i), "name"], "a dataset name", source)];
}

/** Names that are no safe folder names, and those that stand twice. */
function nameProblems(
  names: readonly unknown[],
  pathOf: (i: number) => Path,
  noun: string,
  source: SourceDocument,
): Problem[] {
  const firsts = new Map<string, number>();
  return names.flatMap((name, i) => {
    if (typeof name !== "string") return [];
    const path = pathOf(i);
    const flaw = flawOfName(name);
    if (flaw !== undefined) {
      const came = JSON.stringify(source.sourceAt(path) ?? name);
      return [source.problem(path, `${noun} is a folder's name: ${flaw}, got ${came}`)];
    }
    const first = firsts.get(name.toLowerCase());
    if (first === undefined) {
      firsts.set(name.toLowerCase(), i);
      return [];
    }
    return [
      source.problem(
        path,
        `expected ${noun} of its own: "${name}" is taken by number ${first + 1}`,
      ),
    ];
  });
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
