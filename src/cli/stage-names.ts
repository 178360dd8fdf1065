/** The stages that can be run by themselves, and their commands. */
import type { StageRequest } from "../orchestration/index.ts";
import type { StageOption } from "./options.ts";

export type StageName = StageRequest["stage"];

interface StageCommand {
  readonly command: string;
  readonly description: string;
  readonly options: readonly StageOption[];
  readonly required: readonly StageOption[];
}

/** In the pipeline's order. */
export const STAGE_COMMANDS: ReadonlyMap<StageName, StageCommand> = new Map([
  [
    "profiling",
    {
      command: "profile",
      description: "Look at a data file: columns, types, missing values, keys, dependencies.",
      options: ["input", "output", "config"],
      required: ["input"],
    },
  ],
  [
    "transformation",
    {
      command: "generate",
      description: "Propose candidates: recipes that would clean the profiled table.",
      options: ["profile", "data", "output", "config"],
      required: ["profile"],
    },
  ],
  [
    "validation",
    {
      command: "validate",
      description: "Check candidates against the data: hard rules, constraints, risk.",
      options: ["candidates", "data", "output", "config"],
      required: ["candidates", "data"],
    },
  ],
  [
    "scoring",
    {
      command: "score",
      description: "Measure the quality of the table that each candidate yields.",
      options: ["candidates", "data", "output", "config"],
      required: ["candidates", "data"],
    },
  ],
  [
    "ranking",
    {
      command: "rank",
      description: "Put candidates in order and say why.",
      options: ["candidates", "profile", "data", "output", "top", "config"],
      required: ["candidates"],
    },
  ],
] satisfies [StageName, StageCommand][]);

export function isStageName(name: string): name is StageName {
  return [...STAGE_COMMANDS.keys()].some((known) => known === name);
}

/** What to say of a name that is none. */
export async function unknownStage(name: string): Promise<string> {
  const { didYouMean } = await import("../core/index.ts");
  const known = [...STAGE_COMMANDS.keys()];
  return `expected one of ${known.join(", ")} after --name, got "${name}".${didYouMean(name, known)}`;
}
