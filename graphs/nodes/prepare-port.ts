import { resolve } from "node:path";
import { settingsOfInputs } from "../../src/config/index.ts";
import {
  ERRORS,
  type ErrorCode,
  exists,
  Json,
  WranglerError,
  writeJson,
} from "../../src/core/index.ts";
import type { AttemptOrder, DatasetSummary, TaskResults } from "../../src/orchestration/index.ts";
import type { PrepareRequest, TaskPorts } from "../../src/tasks/index.ts";
import { datasetsGraph } from "../datasets.ts";
import type { AccountRun } from "../deps.ts";
import { atWork } from "./at-work.ts";
import { nestedConfig } from "./nested.ts";
import { filesOf } from "./stage-outputs.ts";
import type { TaskSurroundings } from "./task-surroundings.ts";
import { placeSettings, REQUEST_FILE, taskFolderOf, TaskRequest } from "./workspace.ts";

/** Datasets through the stages, as the work of a task. */
export function preparePort(around: TaskSurroundings, order: AttemptOrder): TaskPorts["prepare"] {
  return async (request) => {
    const { account, run, config } = around;
    const work = atWork();
    const deps = { ...around.deps, atWork: work, signal: order.signal };
    const task = workspaceOf(account, order, request);
    const place = { run, account: account.account.id, task };
    await keepRequest(account, taskFolderOf(place), request);
    const { inputs } = await placeSettings(deps, place);
    const datasets = chosen(
      inputs.map(({ name }) => name),
      request.datasets,
    );
    const graph = datasetsGraph(deps);
    const { results } = await graph
      .invoke(
        { ...place, datasets, upTo: request.upTo, results: {} },
        { ...nestedConfig(config), signal: order.signal },
      )
      .finally(() => work.ended());
    order.signal.throwIfAborted();
    const summaries = datasets.flatMap((name) => results[name] ?? []);
    const handed = await resultsOf(summaries, request.upTo);
    const failed = summaries.filter(({ status }) => status === "FAILED");
    if (failed.length > 0) throw datasetsFailed(failed, summaries.length, handed);
    return handed;
  };
}

/** Kinds that work in the folder of the stage before them. */
const STAGE_KINDS = new Set(["profile", "generate", "validate", "score", "rank", "apply"]);

/** The task whose folder holds what earlier stages made: the nearest one before, else this one. */
function workspaceOf(
  account: AccountRun,
  { task, path }: AttemptOrder,
  request: PrepareRequest,
): string {
  if (!STAGE_KINDS.has(task.kind) || request.inputs) return path;
  const prefix = path.slice(0, path.length - task.id.length);
  const { tasks } = account.scope(prefix.slice(0, -1)).workflow;
  const byId = new Map(tasks.map((one) => [one.id, one]));
  let found = task;
  for (let before: typeof found | undefined = found; before;) {
    found = before;
    if (found.options["inputs"] !== undefined) break;
    before = found.dependsOn
      .flatMap((id) => byId.get(id) ?? [])
      .find(({ kind }) => STAGE_KINDS.has(kind));
  }
  return prefix + found.id;
}

/** Inputs and output of a task that differ from its account's, for all nodes below to find. */
async function keepRequest(
  account: AccountRun,
  folder: string,
  request: PrepareRequest,
): Promise<void> {
  const file = resolve(folder, REQUEST_FILE);
  const { inputs, output } = request;
  if ((inputs === undefined && output === undefined) || (await exists(file))) return;
  const { configFolder } = account.settings;
  const own = account.account;
  const kept: TaskRequest = {
    inputs: inputs === undefined ? own.inputs : settingsOfInputs(inputs, configFolder),
    outputFolder: output === undefined ? own.outputFolder : resolve(configFolder, output),
  };
  await writeJson(file, TaskRequest.parse(kept));
}

function chosen(known: readonly string[], wanted: readonly string[] | undefined): string[] {
  const unknown = (wanted ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const reason = `No dataset ${unknown.join(", ")}; there are: ${known.join(", ")}.`;
    throw new WranglerError("CONFIG_INVALID", reason, { unknown, known: [...known] });
  }
  return known.filter((name) => wanted?.includes(name) ?? true);
}

/** What other tasks may refer to. */
async function resultsOf(
  summaries: readonly DatasetSummary[],
  upTo: PrepareRequest["upTo"],
): Promise<TaskResults> {
  const done = summaries.filter(({ status }) => status !== "FAILED");
  const files = await Promise.all(done.map(({ outputFolder }) => filesOf(outputFolder, upTo)));
  const byName = summaries.map((summary) => [summary.dataset, summary]);
  // Through JSON: what is undefined in a failure is left out.
  const datasets = Json.parse(JSON.parse(JSON.stringify(Object.fromEntries(byName))));
  const reports = done.flatMap(({ reportPath }) => (reportPath === null ? [] : [reportPath]));
  return { files: files.flat(), datasets, ...(upTo === "apply" ? { reports } : {}) };
}

/** The first failure speaks for all; what the other datasets gave is kept. */
function datasetsFailed(
  failed: readonly DatasetSummary[],
  all: number,
  results: TaskResults,
): Error {
  const [first] = failed;
  const code = codeOf(first?.failure?.code);
  const text = first?.failure?.message.replace(ERRORS[code].meaning, "").trim() ?? "";
  const count = all > 1 ? ` (${failed.length} of ${all} datasets failed)` : "";
  return Object.assign(new WranglerError(code, `${first?.dataset}: ${text}${count}`), { results });
}

function codeOf(code: string | undefined): ErrorCode {
  return code !== undefined && isErrorCode(code) ? code : "INTERNAL";
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
