import { z } from "zod";
import { Duration, durationMs, flawOfTemplate } from "../../core/index.ts";

const Folder = z
  .string()
  .min(1)
  .superRefine((template, context) => {
    const flaw = flawOfTemplate(template);
    if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: template });
  });

/** Parts of a time within a template, not the doubled braces of a literal one. */
const PART = /(?<!\{)\{(?!\{)([^{}]*)\}/;
const WITHIN_DAY = /(?<!\{)\{(?!\{)[^{}]*(?:HH|mm|ss)[^{}]*\}/;

export const DAY_MS = 86_400_000;

export const ArchiveOptions = z
  .strictObject({
    files: z
      .union([z.string().min(1), z.array(z.string().min(1))])
      .default([])
      .describe(
        "Files to put away: paths and glob patterns, also with parts of the date such as `{yyyyMMdd}`, relative to the configuration file. A pattern may match nothing.",
      ),
    to: Folder.describe(
      "Folder to put them in, with parts of the date of the run: `archive/{yyyy}/{ddMMM}`; relative to the configuration file.",
    ),
    mode: z
      .enum(["move", "copy"])
      .default("move")
      .describe("`move`, or `copy`: the files also stay where they are."),
    onConflict: z
      .enum(["rename", "replace", "keep", "fail"])
      .default("rename")
      .describe(
        "When a file of that name with other content is there: give the new one a number, let it replace the old one, `keep` the old one and leave the new one where it is, or `fail`.",
      ),
    createAhead: z
      .int()
      .min(0)
      .max(366)
      .default(0)
      .describe("For how many days to come the folders are made already."),
    compress: z.enum(["gzip"]).optional().describe("`gzip`: files are packed, each for itself."),
    keep: Duration.refine((duration) => durationMs(duration) >= DAY_MS, {
      message: "expected at least one day, such as 90d",
    })
      .optional()
      .describe(
        "How long files are kept: those in folders of `to` for days before that are deleted. Nothing is ever deleted when left out.",
      ),
  })
  .superRefine(({ to, createAhead, keep }, context) => {
    const issue = (message: string) =>
      context.addIssue({ code: "custom", message, path: ["to"], input: to });
    if (keep !== undefined && !PART.test(to)) {
      issue("expected parts of the date, such as {yyyy}/{ddMMM}: `keep` goes by them");
    }
    if ((keep !== undefined || createAhead > 0) && WITHIN_DAY.test(to)) {
      issue("expected parts of the date, none of the time: `keep` and `createAhead` go by days");
    }
  });
export type ArchiveOptions = z.infer<typeof ArchiveOptions>;
