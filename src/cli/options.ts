/** Options that several commands share, and the words under the help. */
import { type Command, InvalidArgumentError, Option } from "commander";

/** Options of the commands that run one stage. `config` brings `account` with it. */
export type StageOption = "input" | "data" | "profile" | "candidates" | "output" | "top" | "config";

const JSON_VALUE = "Print one JSON value on stdout and nothing else.";

/** Adds what every command has. */
export function commonOptions(command: Command, json = JSON_VALUE): Command {
  return command
    .option("--json", json)
    .option("--quiet", "No progress: only the result, or the error.")
    .option("--verbose", "Show the run's log, debug lines and stack traces included.")
    .option("--checkpoints <folder>", "Folder of checkpoints and run logs.");
}

/** Adds the choice of a configuration and of accounts in it. */
export function selectionOptions(command: Command, isConfigRequired = false): Command {
  return command
    .addOption(
      new Option("-c, --config <file>", "Configuration file (YAML).").makeOptionMandatory(
        isConfigRequired,
      ),
    )
    .option("--account <id>", "Only this account; may be repeated.", collect)
    .option("--accounts <ids>", "Only these accounts, separated by commas.", list)
    .addOption(
      new Option("--all-accounts", "All accounts of the configuration (the default).").conflicts([
        "account",
        "accounts",
      ]),
    );
}

/** Adds the choice of tasks in a workflow. */
export function partOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--task <task>",
        "Only this task; what it needs is taken over from the latest run that finished it.",
      ).conflicts(["from", "onlyFailed"]),
    )
    .addOption(
      new Option("--from <task>", "This task and all that come after it.").conflicts([
        "task",
        "onlyFailed",
      ]),
    )
    .addOption(
      new Option("--only-failed", "What failed in the latest run, and what was left out for it."),
    );
}

export function workflowOption(): Option {
  return new Option(
    "-w, --workflow <name>",
    "Workflow of the configuration; the only one, or `default`, when left out.",
  );
}

/** Numbers that count, 0 included. */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number.");
}

/** Adds the options of a command that runs one stage. */
export function stageOptions(
  command: Command,
  options: readonly StageOption[],
  required: readonly StageOption[],
): void {
  for (const name of options) {
    for (const option of STAGE_OPTIONS[name]()) {
      command.addOption(option.makeOptionMandatory(required.includes(name)));
    }
  }
}

const STAGE_OPTIONS: Readonly<Record<StageOption, () => readonly Option[]>> = {
  input: () => [new Option("-i, --input <file>", "The data file.")],
  data: () => [new Option("-d, --data <file>", "The data file.")],
  profile: () => [new Option("-p, --profile <file>", "Profile that `profile` wrote.")],
  candidates: () => [new Option("--candidates <folder>", "Candidates that `generate` wrote.")],
  output: () => [
    new Option("-o, --output <path>", "Where the result is written; a folder for candidates."),
  ],
  top: () => [
    new Option("--top <n>", "Places to list, 1 to 100.").argParser((text) => {
      const n = Number(text);
      if (Number.isInteger(n) && n >= 1 && n <= 100) return n;
      throw new InvalidArgumentError("Expected a whole number from 1 to 100.");
    }),
  ],
  config: () => [
    new Option("-c, --config <file>", "Configuration whose options apply; the defaults otherwise."),
    new Option("--account <id>", "The account of the configuration whose options apply."),
  ],
};

/** Stands under `data-wrangler --help`. */
export const EPILOGUE = `
Examples:
  data-wrangler run --config pipeline.yaml                   every account of a configuration
  data-wrangler run -c pipeline.yaml --accounts acme,globex  only these
  data-wrangler run -c pipeline.yaml --dry-run               what it would do
  data-wrangler run --input orders.csv --output out/         one file with the defaults
  data-wrangler profile --input orders.csv                   what is in it
  data-wrangler check --config pipeline.yaml                 does it hold
  data-wrangler resume                                       go on after a kill or an interruption
  data-wrangler history                                      what happened in the latest run
  data-wrangler workflow daily -c pipeline.yaml              a whole workflow, now
  data-wrangler service -c pipeline.yaml                     workflows by their schedules
  data-wrangler schedule next                                what comes, and when
  data-wrangler status                                       how all stands
  data-wrangler doctor -c pipeline.yaml                      is all there that runs need

Exit status:
  0 fine, 1 some account or task failed, 2 usage, 65 bad input data, 66 input missing,
  70 internal, 75 try again or waiting for an answer, 78 bad configuration,
  130 interrupted (SIGINT), 143 asked to end (SIGTERM); a service that was drained ends with 0,
  one that hands over to a restart with 75

Colour follows NO_COLOR and FORCE_COLOR. Results go to stdout, progress and errors to stderr.`;

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function list(value: string, previous: readonly string[] = []): readonly string[] {
  const ids = value.split(",").map((id) => id.trim());
  if (ids.includes("")) throw new InvalidArgumentError("Expected ids separated by single commas.");
  return [...previous, ...ids];
}
