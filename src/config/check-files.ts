/** Checks that files which tasks name are there: the only check that looks at the disk. */
import { resolve } from "node:path";
import { exists } from "../core/index.ts";
import { taskKind } from "../tasks/index.ts";
import type { SourceDocument } from "./document.ts";
import type { Path, Problem } from "./problems.ts";
import type { TaskSource, WorkflowSource, WorkSource } from "./task-sources.ts";

interface NamedFile {
  /** Where it is named. */
  readonly path: Path;
  /** Absolute. */
  readonly file: string;
}

/**
 * Files that kinds of task say have to be there before a run and are not. What holds a reference is
 * known only when the task starts.
 *
 * @param folder - Absolute folder that relative paths start from.
 */
export async function missingFiles(
  workflows: readonly WorkflowSource[],
  source: SourceDocument,
  folder: string,
): Promise<Problem[]> {
  const named = workflows.flatMap(({ tasks }) => tasks.flatMap((task) => filesOf(task, folder)));
  const files = [...new Set(named.map(({ file }) => file))];
  const there = new Map(
    await Promise.all(files.map(async (file) => [file, await exists(file)] as const)),
  );
  return named
    .filter(({ file }) => there.get(file) === false)
    .map(({ file, path }) => source.problem(path, `expected a file, but there is none: ${file}`));
}

function filesOf({ work, alternatives, path: own }: TaskSource, folder: string): NamedFile[] {
  const found = work.flatMap((one) => filesIn(one, folder));
  const [first] = work;
  if (first?.path !== own || alternatives.length === 0) return found;
  return [...found, ...alternatives.flatMap((one) => filesIn({ ...first, ...one }, folder))];
}

function filesIn({ kind, options, path }: WorkSource, folder: string): NamedFile[] {
  return (taskKind(kind)?.files ?? []).flatMap((key) => {
    const text = options[key];
    if (typeof text !== "string" || text === "" || text.includes("${")) return [];
    return [{ path: [...path, key], file: resolve(folder, text) }];
  });
}
