/** From flags to what the app is asked for. */
import type { Command } from "commander";
import type { RunRequest, StageRequest, TaskSelection } from "../orchestration/index.ts";
import type { CommonFlags } from "./session.ts";

export interface RunFlags extends CommonFlags {
  readonly config?: string;
  readonly input?: string;
  readonly output?: string;
  readonly account?: readonly string[];
  readonly accounts?: readonly string[];
  readonly workflow?: string;
  readonly task?: string;
  readonly from?: string;
  readonly onlyFailed?: boolean;
  readonly dryRun?: boolean;
}

export interface StageFlags extends CommonFlags {
  readonly config?: string;
  readonly account?: string;
  readonly input?: string;
  readonly data?: string;
  readonly profile?: string;
  readonly candidates?: string;
  readonly output?: string;
  readonly top?: number;
}

/**
 * A configuration, or an input with an output.
 *
 * @throws {CommanderError} When the flags are neither or both.
 */
export function requestOfRun(command: Command, flags: RunFlags): RunRequest {
  const { config, input, output, workflow } = flags;
  const accounts = [...new Set([...(flags.account ?? []), ...(flags.accounts ?? [])])];
  const select = selectionOf(flags);
  if (config !== undefined) {
    if (input !== undefined || output !== undefined) {
      command.error("expected either --config or --input with --output, got both");
    }
    return {
      configPath: config,
      ...(accounts.length > 0 ? { accounts } : {}),
      ...(workflow === undefined ? {} : { workflow }),
      ...(select === undefined ? {} : { select }),
    };
  }
  if (accounts.length > 0) command.error("expected --config with --account or --accounts");
  if (workflow ?? select) {
    command.error("expected --config with --workflow, --task, --from or --only-failed");
  }
  return requestOfInput(command, flags);
}

/** One file with the defaults. */
function requestOfInput(command: Command, { input, output }: RunFlags): RunRequest {
  if (input === undefined || output === undefined) {
    return command.error("expected --config <file>, or --input <file> and --output <folder>");
  }
  return { input, output };
}

/** Part of a workflow; the options exclude each other. */
function selectionOf({ task, from, onlyFailed }: RunFlags): TaskSelection | undefined {
  if (task !== undefined) return { only: task };
  if (from !== undefined) return { from };
  return onlyFailed === true ? { failed: true } : undefined;
}

export function requestOfStage(stage: StageRequest["stage"], flags: StageFlags): StageRequest {
  const { config, account, profile, candidates, output, top } = flags;
  const input = flags.input ?? flags.data;
  return {
    stage,
    ...(config === undefined ? {} : { configPath: config }),
    ...(account === undefined ? {} : { account }),
    ...(input === undefined ? {} : { input }),
    ...(profile === undefined ? {} : { profilePath: profile }),
    ...(candidates === undefined ? {} : { candidatesPath: candidates }),
    ...(output === undefined ? {} : { output }),
    ...(top === undefined ? {} : { top }),
  };
}
