/** Mail templates: Liquid without files, where nothing that is missing passes as empty. */
import { fillTemplate, type Json, WranglerError } from "../../core/index.ts";

/** What templates may say. */
export interface TemplateVariables {
  readonly run: Readonly<Record<string, string>>;
  readonly account: { readonly id: string };
  readonly task: { readonly id: string };
  readonly with: Readonly<Record<string, Json>>;
  /** Entries of `with` as texts: lists and maps as JSON. */
  readonly facts: readonly { readonly name: string; readonly text: string }[];
  /** Files that go along. */
  readonly attachments: readonly { readonly name: string; readonly bytes: number }[];
  /** Absolute paths of files that were too large to go along. */
  readonly links: readonly string[];
}

/** A template and what it is called in messages. */
export interface Template {
  readonly name: string;
  readonly source: string;
  /** In HTML what is put in is escaped; `| raw` says otherwise. */
  readonly as: "text" | "html";
}

/** For mistakes and mischief in templates: characters, milliseconds, objects made. */
const PARSE_LIMIT = 1_000_000;
const RENDER_LIMIT_MS = 5_000;
const MEMORY_LIMIT = 50_000_000;

/**
 * Fill templates in.
 *
 * @param timeZone - Zone that the filter `date` tells times in.
 * @throws {WranglerError} EMAIL_INVALID for a template that is none, that names a variable, filter or
 *   file that is not there, or takes too long.
 */
export async function rendered(
  templates: readonly Template[],
  variables: TemplateVariables,
  timeZone: string,
): Promise<string[]> {
  const { Liquid } = await import("liquidjs");
  const common = {
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    // In memory and empty: `include`, `render` and `layout` find nothing, least of all files.
    templates: {},
    timezoneOffset: timeZone,
    locale: "en-US",
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
  };
  const engines = {
    text: new Liquid(common),
    html: new Liquid({ ...common, outputEscape: "escape" }),
  };
  const texts: string[] = [];
  for (const { name, source, as } of templates) {
    try {
      texts.push(String(await engines[as].parseAndRender(source, variables)));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new WranglerError("EMAIL_INVALID", `${name}: ${why}.`, { template: name }, { cause });
    }
  }
  return texts;
}

/** What templates know of a run, its date in parts. */
export function runVariables(run: {
  readonly runId: string;
  readonly workflow: string;
  readonly scheduledAt: string;
  readonly timeZone: string;
}): Record<string, string> {
  const { runId, workflow, scheduledAt, timeZone } = run;
  const part = (form: string) => fillTemplate(`{${form}}`, { at: scheduledAt, timeZone });
  return {
    id: runId,
    workflow,
    scheduledAt,
    timeZone,
    date: part("yyyy-MM-dd"),
    time: `${part("HH")}:${part("mm")}`,
    year: part("yyyy"),
    month: part("MM"),
    monthName: part("MMM"),
    day: part("dd"),
    weekday: part("EEE"),
  };
}

/** Entries of `with` as texts. */
export function factsOf(values: Readonly<Record<string, Json>>): TemplateVariables["facts"] {
  return Object.entries(values).map(([name, value]) => ({ name, text: factText(value) }));
}

function factText(value: Json): string {
  if (value === null) return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
