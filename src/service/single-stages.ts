import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { z } from "zod";
import { type AccountSettings, Settings } from "../config/index.ts";
import {
  fingerprint,
  Json,
  type Log,
  readJson,
  WranglerError,
  writeJson,
  writeText,
} from "../core/index.ts";
import type {
  Journal,
  RunHooks,
  StageRecord,
  StageRequest,
  StageResult,
} from "../orchestration/index.ts";
import type { ActiveRun, RunRef } from "./active-run.ts";
import { recorderOf } from "./recorder.ts";

type StageName = StageRequest["stage"];

/** The stage graphs behind a plain interface; graphs/chain.ts has this shape. */
export interface StageChain {
  (
    place: { run: RunRef; account: string; task: string; dataset: string },
    upTo: StageName,
    signal?: AbortSignal,
  ): Promise<void>;
}

export interface SingleStageDeps {
  readonly chain: StageChain;
  /** File in the working folder that a stage leaves. */
  readonly stageFile: Readonly<Record<StageName, string>>;
  readonly settingsOf: (input: string, request: StageRequest) => Promise<Settings>;
  readonly active: Map<string, ActiveRun>;
  readonly closeEngine: (runId: string, account: string) => Promise<void>;
  readonly log: Log;
}

/** The data files a profile was made of. */
const ProfileSource = z.object({ files: z.array(z.string()).min(1) });

/**
 * One stage by itself: a scratch run with the artifacts that earlier commands wrote, so that the
 * same graphs do the same work as inside a run. The scratch folder goes when the stage has ended.
 */
export function singleStages(deps: SingleStageDeps) {
  return async (request: StageRequest, hooks: RunHooks = {}): Promise<StageResult> => {
    const input = request.input ?? (await inputOfProfile(request));
    const settings = oneDataset(await deps.settingsOf(input, request), input);
    const [account] = settings.accounts;
    if (!account) throw new WranglerError("ACCOUNT_UNKNOWN", request.account ?? "");
    const dataset = account.inputs[0]?.name ?? "";
    const folder = await mkdtemp(join(tmpdir(), "data-wrangler-"));
    const runId = basename(folder);
    const scheduledAt = new Date().toISOString();
    const about = { settings: fingerprint(settings), round: 1, scheduledAt };
    const run = { runId, folder, ...about, startedAt: scheduledAt };
    const work = join(folder, "work", account.id, TASK, dataset);
    deps.active.set(runId, scratchRun(deps.log, runId, settings, hooks));
    try {
      await seed(request, work);
      await deps.chain(
        { run, account: account.id, task: TASK, dataset },
        request.stage,
        hooks.signal,
      );
      return await handOut(request, work, deps.stageFile[request.stage]);
    } finally {
      await deps.closeEngine(runId, account.id);
      deps.active.delete(runId);
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** The one task of a scratch run. */
const TASK = "stage";

/** A scratch run is over when its command is: its events are told, nothing is kept. */
function scratchRun(log: Log, runId: string, settings: Settings, hooks: RunHooks): ActiveRun {
  const stages = new Map<string, StageRecord>();
  let seq = 0;
  const journal: Pick<Journal, "stages" | "commit"> = {
    stages: () => [...stages.values()],
    async commit(entry) {
      for (const record of entry.stages ?? []) stages.set(record.stage, record);
      for (const happening of entry.happenings ?? []) {
        hooks.onEvent?.({ ...happening, runId, seq: ++seq, at: new Date().toISOString() });
      }
    },
  };
  return {
    settings,
    fingerprint: fingerprint(settings),
    checkpointsFolder: settings.checkpointsFolder,
    recorder: recorderOf({
      log,
      now: () => Date.now(),
      journalOf: () => journal,
      keepSummary: async () => {},
      onError: (error) => log.error({ err: error }, "event not told"),
    }),
    accounts: new Map(),
    open: () => {
      throw new WranglerError("INTERNAL", "A single stage has no journal.");
    },
    close: async () => {},
  };
}

async function inputOfProfile({ stage, profilePath }: StageRequest): Promise<string> {
  if (profilePath === undefined) {
    throw new WranglerError("USAGE", `Stage ${stage} needs a data file.`);
  }
  const [file] = (await readJson(profilePath, ProfileSource)).files;
  return file ?? "";
}

/** Settings reduced to the one account and dataset that a stage command works on. */
function oneDataset(settings: Settings, input: string): Settings {
  const reads = (account: AccountSettings) =>
    account.inputs.find(({ paths }) => paths.includes(resolve(input)));
  const account = settings.accounts.find((one) => reads(one)) ?? settings.accounts[0];
  if (!account) return settings;
  const name = basename(input, extname(input)).replaceAll(/[^A-Za-z0-9._-]+/g, "-") || "data";
  const inputs = [reads(account) ?? { name, paths: [resolve(input)], read: {} }];
  return Settings.parse({ ...settings, accounts: [{ ...account, inputs }] });
}

/** Put what earlier commands wrote where the stage looks for it. */
async function seed({ profilePath, candidatesPath }: StageRequest, work: string): Promise<void> {
  await mkdir(work, { recursive: true });
  if (profilePath !== undefined) await cp(profilePath, join(work, "profile.json"));
  if (candidatesPath === undefined) return;
  const names = await readdir(candidatesPath).catch((cause: unknown) => {
    throw new WranglerError("INPUT_MISSING", `${candidatesPath}: no such folder.`, {}, { cause });
  });
  const files = names.filter((name) => name.endsWith(".json")).toSorted();
  if (files.length === 0) {
    throw new WranglerError("INPUT_MISSING", `${candidatesPath} holds no candidate (*.json).`);
  }
  await mkdir(join(work, "candidates"), { recursive: true });
  const candidates = files.map(async (name) => {
    await cp(join(candidatesPath, name), join(work, "candidates", name));
    return readJson(join(candidatesPath, name), Json);
  });
  await writeJson(join(work, "candidates.json"), await Promise.all(candidates));
}

/** The artifact, and the files asked for. */
async function handOut(request: StageRequest, work: string, file: string): Promise<StageResult> {
  const result = await readJson(join(work, file), Json);
  const written: string[] = [];
  const { output, stage } = request;
  if (output !== undefined && stage === "transformation") {
    for (const name of (await readdir(join(work, "candidates"))).toSorted()) {
      await writeText(join(output, name), await readFile(join(work, "candidates", name), "utf8"));
      written.push(join(output, name));
    }
  } else if (output !== undefined) {
    await mkdir(dirname(resolve(output)), { recursive: true });
    await writeText(output, await readFile(join(work, file), "utf8"));
    written.push(output);
  }
  const counts = Array.isArray(result) ? { candidates: result.length } : {};
  return { result, written, counts };
}
