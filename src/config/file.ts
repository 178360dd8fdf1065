/**
 * What users write: the shape of `pipeline.yaml`.
 *
 * Descriptions are for docs/configuration.md and for editors that read docs/pipeline.schema.json.
 *
 * @module
 */
import { z } from "zod";
import { ReadOptions } from "../core/index.ts";
import { ProfilingOptions } from "../stages/profiling/index.ts";
import { RankingOptions } from "../stages/ranking/index.ts";
import { QualityOptions } from "../stages/scoring/index.ts";
import { TransformationOptions } from "../stages/transformation/index.ts";
import { ValidationOptions } from "../stages/validation/index.ts";
import { LongerThanZero } from "./duration-entry.ts";
import { ScheduleEntry } from "./schedule-entry.ts";
import { ServiceEntry } from "./service-entry.ts";
import { EngineSettings, OutputOptions } from "./settings.ts";
import { WorkflowEntry } from "./workflow-entry.ts";

const FilePath = z.string().min(1);

const read = ReadOptions.shape;

const InputEntry = z
  .strictObject({
    name: z
      .string()
      .optional()
      .describe(
        "Name of the dataset and of its output folder; from the file's name when left out.",
      ),
    path: FilePath.optional().describe("The file, or a glob pattern whose files form one table."),
    paths: z
      .union([FilePath, z.array(FilePath).min(1)])
      .optional()
      .describe("Several files or patterns that form one table. Give either `path` or `paths`."),
    format: read.format.describe("Format of the file; found by its bytes when left out."),
    sheet: read.sheet.describe("XLSX: name of the sheet; the first one when left out."),
    delimiter: read.delimiter.describe(
      "Delimiter of a text file; found by evidence when left out.",
    ),
    quote: read.quote.describe('Quote character of a text file; "" when it uses none.'),
    encoding: read.encoding.describe("Encoding of a text file; found by evidence when left out."),
    header: read.header.describe("Whether the first record names the columns."),
  })
  .meta({ id: "input", description: "One dataset: where its files are and how they are read." });

const Inputs = z
  .union([FilePath, z.array(z.union([FilePath, InputEntry])).min(1), InputEntry])
  .describe("A path, a glob pattern, a dataset with its reading options, or a list of these.");

/** Section `output`: a folder besides the options. */
export const OutputSection = OutputOptions.extend({
  folder: FilePath.optional().describe(
    "Datasets are written to `<folder>/<account>/<dataset>/`; `out` when left out.",
  ),
}).meta({ id: "output", description: "What is written, and where." });

const Output = z
  .union([FilePath, OutputSection])
  .optional()
  .describe("What is written, and where. A text is short for `folder`.");

/** Sections that can stand at the top, for all accounts, and in an account, for it alone. */
const sections = {
  profiling: ProfilingOptions.meta({
    id: "profiling",
    description: "How a table is looked at.",
  }).optional(),
  transformation: TransformationOptions.meta({
    id: "transformation",
    description: "Which candidates are proposed.",
  }).optional(),
  validation: ValidationOptions.meta({
    id: "validation",
    description: "What a candidate must keep.",
  }).optional(),
  quality: QualityOptions.meta({
    id: "quality",
    description: "How the quality of a table is weighed.",
  }).optional(),
  ranking: RankingOptions.meta({
    id: "ranking",
    description: "How candidates are put in order.",
  }).optional(),
  output: Output,
  engine: EngineSettings.meta({
    id: "engine",
    description: "Limits of an account's own engine process.",
  }).optional(),
};

const Vars = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, "expected letters, digits, _ and - in the name"),
  z.unknown(),
);

/** Its values are never shown: who writes a secret itself there should not find it in a message. */
const Secrets = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, "expected letters, digits, _ and - in the name"),
  z.string().refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), {
    error:
      "expected the name of an environment variable or credential: letters, digits and _, never the secret itself",
  }),
);

const Places = z.int().min(1);

const AccountEntry = z
  .strictObject({
    id: z
      .string()
      .describe(
        "Names the account and its output folder: letters, digits, `.`, `_` and `-`, at most 64, unique when letter case is ignored.",
      ),
    inputs: Inputs.optional(),
    maxParallel: Places.optional().describe(
      "Tasks of the account at once, over all its runs; without limit when left out.",
    ),
    vars: Vars.optional().describe("Values for `${vars.NAME}` over those at the top."),
    secrets: Secrets.optional().describe("Names for `${secrets.NAME}` over those at the top."),
    ...sections,
  })
  .meta({
    id: "account",
    description:
      "One account. `inputs` may be left out when no task reads them. Any section given here is laid over the one at the top: maps key by key, lists as a whole.",
  });

const Checkpoints = z
  .strictObject({
    folder: FilePath.optional().describe(
      "Folder of checkpoints and run logs; `checkpoints` in the working folder when left out.",
    ),
    keep: LongerThanZero.default("30d").describe("Ended runs that are older are forgotten."),
    keepRuns: Places.default(1_000).describe("Ended runs beyond so many are forgotten."),
  })
  .meta({ id: "checkpoints", description: "Where runs keep their state, and for how long." });

/** A whole configuration file. */
export const PipelineFile = z
  .strictObject({
    pipeline: z
      .strictObject({
        name: z.string().min(1).default("pipeline").describe("Shown in runs and reports."),
        version: z
          .union([z.string(), z.number()])
          .default("1")
          .describe("Your own version of this configuration; kept as text."),
      })
      .prefault({})
      .describe("What this configuration is called."),
    modules: z
      .array(FilePath)
      .default([])
      .describe(
        "JavaScript modules that register your own generators, operations, metrics, constraints, ranking policies or kinds of task.",
      ),
    checkpoints: z
      .union([FilePath, Checkpoints])
      .optional()
      .describe("Where runs keep their state. A text is short for `folder`."),
    ...sections,
    maxParallel: Places.optional().describe(
      "Tasks of all accounts at once in one process; without limit when left out.",
    ),
    limits: z
      .record(z.string().min(1), Places)
      .default({})
      .describe("Named limits and their places, such as `portal: 2`; tasks name those they need."),
    kindLimits: z
      .record(z.string(), Places)
      .default({})
      .describe("Tasks at once by their kind, such as `command: 1`."),
    vars: Vars.default({}).describe("Values that options of tasks take by `${vars.NAME}`."),
    secrets: Secrets.default({}).describe(
      "Secrets that options of tasks take by `${secrets.NAME}`: each with the name of the environment variable or credential that holds it.",
    ),
    timeZone: z
      .string()
      .min(1)
      .optional()
      .describe(
        "IANA name of the time zone of schedules and of dates in file names, such as `Europe/Berlin`; the machine's when left out.",
      ),
    schedules: z
      .record(z.string(), ScheduleEntry)
      .default({})
      .describe("When workflows run by themselves, by the schedule's name."),
    service: ServiceEntry.prefault({}).describe("Continuous operation."),
    workflows: z
      .record(z.string(), WorkflowEntry)
      .refine((workflows) => Object.keys(workflows).length > 0, {
        error: "expected at least one workflow",
      })
      .optional()
      .describe(
        "Workflows by their name. When left out there is one, `prepare`, with one task of kind `prepare`.",
      ),
    accounts: z.array(AccountEntry).min(1).describe("Who the tables belong to."),
  })
  .meta({ title: "data-wrangler pipeline" });
export type PipelineFile = z.infer<typeof PipelineFile>;
