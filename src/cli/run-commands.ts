/** Commands that execute runs, speak to them and show them. */
import { type Command, Option } from "commander";
import type { PruneFlags, ResolveFlags } from "./commands/control.ts";
import type { HistoryFlags, StatusFlags } from "./commands/status.ts";
import {
  commonOptions,
  partOptions,
  selectionOptions,
  wholeNumber,
  workflowOption,
} from "./options.ts";
import type { Perform } from "./perform.ts";
import { requestOfRun, type RunFlags } from "./requests.ts";
import type { CommonFlags } from "./session.ts";

const RUN = "Id of the run.";

/** Adds `run`, `workflow`, `resume`, `retry` and `fork`. */
export function addExecution(program: Command, perform: Perform): void {
  addRun(program, perform);
  addWorkflow(program, perform);
  const resume = program
    .command("resume")
    .description("Go on with a run that was killed, interrupted or paused.")
    .argument(
      "[run]",
      "Id of the run; the latest unfinished one that no process executes when left out.",
    );
  commonOptions(resume).action((runId: string | undefined, flags: CommonFlags) =>
    perform(flags, async (session) => (await import("./commands/run.ts")).resume(session, runId)),
  );
  const retry = program
    .command("retry")
    .description("Run what failed, was skipped or canceled in an ended run again, in the same run.")
    .argument("<run>", RUN)
    .option("--task <task>", "Only this task, and what was left out for it.");
  commonOptions(retry).action((runId: string, flags: CommonFlags & { readonly task?: string }) =>
    perform(flags, async (session) =>
      (await import("./commands/run.ts")).retry(session, runId, flags.task),
    ),
  );
  const fork = program
    .command("fork")
    .description(
      "Start a new run like another one that takes over what was finished before a task.",
    )
    .argument("<run>", RUN)
    .requiredOption("--from <task>", "The first task to run again.");
  commonOptions(fork).action((runId: string, flags: CommonFlags & { readonly from: string }) =>
    perform(flags, async (session) =>
      (await import("./commands/run.ts")).fork(session, runId, flags.from),
    ),
  );
}

function addRun(program: Command, perform: Perform): void {
  const run = partOptions(selectionOptions(program.command("run")).addOption(workflowOption()))
    .description("Run a workflow of a configuration, or clean one file with the defaults.")
    .option("-i, --input <file>", "One data file instead of a configuration.")
    .option("-o, --output <folder>", "Folder for the results of --input.")
    .option("--dry-run", DRY_RUN);
  commonOptions(run).action((flags: RunFlags) => performRun(run, flags, perform));
}

const DRY_RUN = "Show what would be done, and do nothing.";

/** `run --workflow` by another name. */
function addWorkflow(program: Command, perform: Perform): void {
  const workflow = partOptions(selectionOptions(program.command("workflow"), true))
    .description("Run a workflow of a configuration now, whole or in part.")
    .argument("<name>", "Name of the workflow.")
    .option("--dry-run", DRY_RUN);
  commonOptions(workflow).action((name: string, flags: RunFlags) =>
    performRun(workflow, { ...flags, workflow: name }, perform),
  );
}

async function performRun(command: Command, flags: RunFlags, perform: Perform): Promise<void> {
  const request = requestOfRun(command, flags);
  await perform(flags, async (session) => {
    const commands = await import("./commands/run.ts");
    return flags.dryRun === true ? commands.plan(session, request) : commands.run(session, request);
  });
}

/** Adds `cancel`, `pause`, `resolve` and `prune`. */
export function addControl(program: Command, perform: Perform): void {
  const cancel = program
    .command("cancel")
    .description("End a run for good, whichever process executes it.")
    .argument("<run>", RUN);
  commonOptions(cancel).action((runId: string, flags: CommonFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/control.ts")).cancel(session, runId),
    ),
  );
  const pause = program
    .command("pause")
    .description("Have a run stop after the tasks at work; resume goes on.")
    .argument("<run>", RUN);
  commonOptions(pause).action((runId: string, flags: CommonFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/control.ts")).pause(session, runId),
    ),
  );
  const resolve = program
    .command("resolve")
    .description("Say whether an uncertain effect, a mail or an upload, took place.")
    .argument("<run>", RUN)
    .requiredOption("--task <task>", "The task that waits for the answer.")
    .addOption(
      new Option("--as <answer>", "done: it took place. not-done: it did not, do it.")
        .choices(["done", "not-done"])
        .makeOptionMandatory(),
    )
    .option("--account <id>", "Account of the task, where the run has several.");
  commonOptions(resolve).action((runId: string, flags: ResolveFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/control.ts")).resolve(session, runId, flags),
    ),
  );
  addPrune(program, perform);
}

function addPrune(program: Command, perform: Perform): void {
  const prune = program
    .command("prune")
    .description("Forget ended runs that are older or more than is to be kept.")
    .option("--keep <duration>", "How long runs are kept, such as 30d.")
    .addOption(
      new Option("--keep-runs <n>", "How many runs are kept, the latest ones.").argParser(
        wholeNumber,
      ),
    );
  commonOptions(prune).action((flags: PruneFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/control.ts")).prune(session, flags),
    ),
  );
}

/** Adds `status`, `history`, `watch` and `runs`. */
export function addViews(program: Command, perform: Perform): void {
  const latest = "Id of the run; the latest one when left out.";
  const status = program
    .command("status")
    .description(
      "Show how all stands: the service, latest runs, what comes next; or where one run stands.",
    )
    .argument("[run]", "Id of a run, to show its accounts, tasks and stages.")
    .option(
      "-c, --config <file>",
      "Configuration with the schedules; that of the last service when left out.",
    );
  commonOptions(status).action(async (runId: string | undefined, flags: StatusFlags) => {
    if (runId !== undefined && flags.config !== undefined) {
      status.error("expected either a run or --config, got both");
    }
    await perform(flags, async (session) =>
      (await import("./commands/status.ts")).status(session, runId, flags),
    );
  });
  const history = program
    .command("history")
    .description("Show all that happened in a run: attempts, failures, what was decided, effects.")
    .argument("[run]", latest)
    .option("--events", "Show its events as well.");
  commonOptions(history).action((runId: string | undefined, flags: HistoryFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/status.ts")).history(session, runId, flags),
    ),
  );
  const watch = program
    .command("watch")
    .description("Follow a run that another process executes, to its end.")
    .argument("[run]", latest);
  commonOptions(watch).action((runId: string | undefined, flags: CommonFlags) =>
    perform(flags, async (session) => (await import("./commands/watch.ts")).watch(session, runId)),
  );
  const runs = program.command("runs").description("List all runs, latest first.");
  commonOptions(runs).action((flags: CommonFlags) =>
    perform(flags, async (session) => (await import("./commands/status.ts")).runs(session)),
  );
}
