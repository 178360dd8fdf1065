/** The command line: commands, options, help. Loads nothing that `--help` does not need. */
import { Command, type OutputConfiguration } from "commander";
import { addConfiguration } from "./configuration-commands.ts";
import { addOperation } from "./operation-commands.ts";
import { commonOptions, EPILOGUE, stageOptions } from "./options.ts";
import type { Perform } from "./perform.ts";
import { requestOfStage, type StageFlags } from "./requests.ts";
import { addControl, addExecution, addViews } from "./run-commands.ts";
import type { CommonFlags } from "./session.ts";
import { isStageName, STAGE_COMMANDS, type StageName, unknownStage } from "./stage-names.ts";
import { version } from "./version.ts";

/**
 * The whole command tree. Errors and help end in a CommanderError, never in an exit.
 *
 * @param output - Where help is written; the process's own streams when left out.
 */
export function buildProgram(perform: Perform, output: OutputConfiguration = {}): Command {
  const program = new Command("data-wrangler")
    .description("Prepares messy tables: finds what is wrong, proposes repairs, keeps the best.")
    .version(version(), "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Show help.")
    .helpCommand("help [command]", "Show help for a command.")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ ...output, outputError: () => undefined })
    .addHelpText("after", EPILOGUE);
  addExecution(program, perform);
  addOperation(program, perform);
  addConfiguration(program, perform);
  for (const name of STAGE_COMMANDS.keys()) addStage(program, name, perform);
  addReplay(program, perform);
  addAgent(program, perform);
  addControl(program, perform);
  addViews(program, perform);
  return program;
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
