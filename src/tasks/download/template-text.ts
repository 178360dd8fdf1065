import { z } from "zod";
import { flawOfTemplate } from "../../core/index.ts";

/** What stands for parts of the name that the source gives. */
export const NAME_PARTS = /\{\{|\{(name|stem|ext)\}/g;

/** Whether a template of a name has a part that only the source gives. */
export function needsName(template: string): boolean {
  return [...template.matchAll(NAME_PARTS)].some(([, part]) => part !== undefined);
}

/** A text with parts of the run's time in it. */
export function templateText(): z.ZodString {
  return z.string().min(1).superRefine(refineTemplate);
}

export function refineTemplate(text: string, context: z.RefinementCtx): void {
  refine(text, flawOfTemplate(text), context);
}

/** The same, with parts of the source's name besides. */
export function nameTemplate(): z.ZodString {
  return z
    .string()
    .min(1)
    .superRefine((text, context) => {
      const times = text.replaceAll(NAME_PARTS, (whole) => (whole === "{{" ? whole : ""));
      refine(text, flawOfTemplate(times), context);
    });
}

function refine(text: string, flaw: string | undefined, context: z.RefinementCtx): void {
  if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: text });
}
