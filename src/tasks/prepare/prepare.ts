import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { PrepareRequest } from "../kind.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";

/** What `prepare` and each of its stages take. */
export const PrepareOptions = z.strictObject({
  datasets: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Datasets of the account, by name; all when left out."),
  inputs: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe(
      "Files or glob patterns to prepare in place of the account's inputs, relative to the configuration file.",
    ),
  output: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder for the results, relative to the configuration file; the account's own when left out.",
    ),
});
export type PrepareOptions = z.infer<typeof PrepareOptions>;

/** What the stages are asked for, with the paths of inputs made absolute. */
export function prepareRequest(
  upTo: PrepareRequest["upTo"],
  { options, configFolder }: Pick<TaskContext<PrepareOptions>, "options" | "configFolder">,
): PrepareRequest {
  const { datasets, inputs, output } = options;
  return {
    upTo,
    ...(datasets ? { datasets } : {}),
    ...(inputs ? { inputs: [inputs].flat().map((path) => absolute(configFolder, path)) } : {}),
    ...(output === undefined ? {} : { output }),
  };
}

/** Joined rather than resolved where it is relative: a pattern's own signs stay as they are. */
function absolute(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** Whether the account's inputs are read: unless the task names its own. */
export function readsAccountInputs(options: unknown): boolean {
  const own: unknown =
    typeof options === "object" && options !== null ? Reflect.get(options, "inputs") : undefined;
  return own === undefined;
}

export const prepare = defineTaskKind({
  name: "prepare",
  description: "Profiles, transforms, validates, scores, ranks and applies: the whole preparation.",
  options: PrepareOptions,
  results: {
    files: "Cleaned tables, as absolute paths.",
    datasets: "Summary of each dataset, by its name.",
    reports: "Report pages, as absolute paths.",
  },
  usesInputs: readsAccountInputs,
  heavy: true,
  run: (context) => context.ports.prepare(prepareRequest("apply", context)),
});
