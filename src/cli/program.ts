/** The command line: commands, options, help. Loads nothing that `--help` does not need. */
import { Command } from "commander";
import { commonOptions, EPILOGUE, selectionOptions, stageOptions } from "./options.ts";
import { requestOfRun, requestOfStage, type RunFlags, type StageFlags } from "./requests.ts";
import type { CommonFlags, Session } from "./session.ts";
import { isStageName, STAGE_COMMANDS, type StageName, unknownStage } from "./stage-names.ts";
import { version } from "./version.ts";

/** Carries out a command: what the action returns is the exit status. */
export type Perform = (
  flags: CommonFlags,
  action: (session: Session) => Promise<number>,
) => Promise<void>;

/** The whole command tree. Errors and help end in a CommanderError, never in an exit. */
export function buildProgram(perform: Perform): Command {
  const program = new Command("data-wrangler")
    .description("Prepares messy tables: finds what is wrong, proposes repairs, keeps the best.")
    .version(version(), "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Show help.")
    .helpCommand("help [command]", "Show help for a command.")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText("after", EPILOGUE);
  addRun(program, perform);
  for (const name of STAGE_COMMANDS.keys()) addStage(program, name, perform);
  addReplay(program, perform);
  addAgent(program, perform);
  addRuns(program, perform);
  return program;
}

function addRun(program: Command, perform: Perform): void {
  const run = selectionOptions(program.command("run"))
    .description("Clean every table of a configuration, or one file with the defaults.")
    .option("-i, --input <file>", "One data file instead of a configuration.")
    .option("-o, --output <folder>", "Folder for the results of --input.");
  commonOptions(run).action(async (flags: RunFlags) => {
    const request = requestOfRun(run, flags);
    await perform(flags, async (session) => {
      const commands = await import("./commands/run.ts");
      return commands.run(session, request);
    });
  });
}

function addStage(program: Command, name: StageName, perform: Perform): void {
  const spec = STAGE_COMMANDS.get(name)!;
  const command = program.command(spec.command).description(spec.description);
  stageOptions(command, spec.options, spec.required);
  commonOptions(command).action((flags: StageFlags) => performStage(name, flags, perform));
}

function addAgent(program: Command, perform: Perform): void {
  const agent = program
    .command("agent")
    .description("One stage by its name: profiling, transformation, validation, scoring, ranking.")
    .requiredOption("-n, --name <stage>", "The stage.");
  stageOptions(agent, ["input", "data", "profile", "candidates", "output", "top", "config"], []);
  commonOptions(agent).action(async (flags: StageFlags & { readonly name: string }) => {
    const { name } = flags;
    if (!isStageName(name)) return agent.error(await unknownStage(name));
    return performStage(name, flags, perform);
  });
}

async function performStage(name: StageName, flags: StageFlags, perform: Perform): Promise<void> {
  const request = requestOfStage(name, flags);
  await perform(flags, async (session) => {
    const commands = await import("./commands/stage.ts");
    return commands.stage(session, request);
  });
}

function addReplay(program: Command, perform: Perform): void {
  const apply = program
    .command("apply")
    .description("Replay a recipe on a data file.")
    .requiredOption("-r, --recipe <file>", "Recipe that a run wrote, or your own.")
    .requiredOption("-i, --input <file>", "The data file.")
    .requiredOption("-o, --output <folder>", "Folder for the results.");
  commonOptions(apply).action(
    (flags: CommonFlags & { recipe: string; input: string; output: string }) =>
      perform(flags, async (session) => {
        const { recipe: recipePath, input, output } = flags;
        return (await import("./commands/replay.ts")).apply(session, { recipePath, input, output });
      }),
  );
  const undo = program
    .command("undo")
    .description("Take the changes of a run back, byte for byte.")
    .requiredOption(
      "--changes <file>",
      "changes.parquet of the run; the files beside it are read too.",
    )
    .requiredOption("-i, --input <file>", "The cleaned table.")
    .requiredOption("-o, --output <file>", "Where the original is written.");
  commonOptions(undo).action(
    (flags: CommonFlags & { changes: string; input: string; output: string }) =>
      perform(flags, async (session) => {
        const { changes: changesPath, input, output } = flags;
        return (await import("./commands/replay.ts")).undo(session, { changesPath, input, output });
      }),
  );
}

function addRuns(program: Command, perform: Perform): void {
  const resume = program
    .command("resume")
    .description("Go on with a run that was killed or interrupted.")
    .argument("[run]", "Id of the run; the latest unfinished one when left out.");
  commonOptions(resume).action((runId: string | undefined, flags: CommonFlags) =>
    perform(flags, async (session) => (await import("./commands/run.ts")).resume(session, runId)),
  );
  const status = program
    .command("status")
    .description("Show where a run stands: account by stage, with times and counts.")
    .argument("[run]", "Id of the run; the latest one when left out.");
  commonOptions(status).action((runId: string | undefined, flags: CommonFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/status.ts")).status(session, runId),
    ),
  );
  const runs = program.command("runs").description("List all runs, latest first.");
  commonOptions(runs).action((flags: CommonFlags) =>
    perform(flags, async (session) => (await import("./commands/status.ts")).runs(session)),
  );
}
