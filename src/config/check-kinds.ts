/** Checks what tasks and steps say to their kinds. */
import type { z } from "zod";
import { didYouMean, Json } from "../core/index.ts";
import { referencesIn } from "../orchestration/index.ts";
import { type TaskKind, taskKind, taskKinds } from "../tasks/index.ts";
import type { SourceDocument } from "./document.ts";
import { isJson } from "./plain-json.ts";
import type { Path, Problem } from "./problems.ts";
import { keysAt, schemaOf } from "./schema.ts";
import { type ShapeContext, shapeProblems } from "./shape.ts";
import type { TaskSource, WorkSource } from "./task-sources.ts";
import { valueAt } from "./value-at.ts";

/** What the checks of one file share. */
export interface KindContext {
  readonly value: unknown;
  readonly source: SourceDocument;
  /** Whether every module that may define a kind is loaded. */
  readonly complete: boolean;
}

/** Unknown kinds, and options that a kind does not take as they are. */
export function kindProblems(task: TaskSource, context: KindContext): Problem[] {
  const problems = task.work.flatMap((work) => workProblems(work, context));
  const [own] = task.work;
  const kind = own?.path === task.path ? taskKind(own.kind) : undefined;
  if (!own || !kind || task.alternatives.length === 0) return problems;
  const others = task.alternatives.flatMap(({ path, options }) => {
    const work = { ...own, path, options, commonKeys: NONE };
    return optionProblems(work, kind, context, own.options);
  });
  return [...problems, ...others];
}

function workProblems(work: WorkSource, context: KindContext): Problem[] {
  const kind = taskKind(work.kind);
  if (kind) return optionProblems(work, kind, context);
  if (!context.complete) return [];
  const known = taskKinds().map(({ name }) => name);
  const near = didYouMean(work.kind, known) || ` Known kinds: ${known.join(", ")}.`;
  const text = `expected a known kind of task, got "${work.kind}".${near}`;
  return [context.source.problem([...work.path, "kind"], text)];
}

/** Problems of the options that stand here; those that they are laid over have their own place. */
function optionProblems(
  work: WorkSource,
  kind: TaskKind,
  context: KindContext,
  under: WorkSource["options"] = work.options,
): Problem[] {
  const isOwn = under === work.options;
  const literal = literalProblems(work, kind, { ...under, ...work.options }, context);
  const checked = kind.options.safeParse(isOwn ? under : { ...under, ...work.options });
  if (checked.success) return literal;
  const here = checked.error.issues.flatMap((issue) => ofThese(issue, work.options, under));
  return [...literal, ...shapeProblems(here, work.path, shapeContext(work, kind, context))];
}

/** References to what comes from outside, where they could be understood as more than a value. */
function literalProblems(
  { path, options }: WorkSource,
  kind: TaskKind,
  all: WorkSource["options"],
  { source }: KindContext,
): Problem[] {
  return (kind.literal?.(all) ?? []).flatMap((name) => {
    const { data } = Json.safeParse(options[name]);
    const found = data === undefined ? [] : referencesIn(data);
    return found.flatMap(({ path: below, reference: { of } }) => {
      if (of !== "tasks" && of !== "secrets") return [];
      const text = `expected no reference to ${of} here, since what it stands for would be read as part of the text; hand it on by env, stdin or with`;
      return [source.problem([...path, name, ...below], text)];
    });
  });
}

/** What of an issue concerns these options rather than those below them. */
function ofThese(
  issue: z.core.$ZodIssue,
  options: WorkSource["options"],
  under: WorkSource["options"],
): z.core.$ZodIssue[] {
  const isBelow = (key: PropertyKey): boolean =>
    Object.hasOwn(under, key) && !Object.hasOwn(options, key);
  const [first] = issue.path;
  if (issue.code === "unrecognized_keys" && first === undefined) {
    const keys = issue.keys.filter((key) => !isBelow(key));
    return keys.length > 0 ? [{ ...issue, keys }] : [];
  }
  return first !== undefined && isBelow(first) ? [] : [issue];
}

const NONE: ReadonlySet<string> = new Set();

function shapeContext(work: WorkSource, kind: TaskKind, context: KindContext): ShapeContext {
  const { value, source } = context;
  return {
    value,
    source,
    known: (path) => {
      const below = path.slice(work.path.length);
      const common = below.length === 0 ? [...work.commonKeys] : [];
      return [...keysAt(schemaOf(kind), below, valueAt(value, work.path)), ...common];
    },
    ignore: (issue, path) => awaitsReference(issue, valueAt(value, path)),
  };
}

/** Whether it cannot be told before the references in a value are resolved. */
function awaitsReference({ code }: z.core.$ZodIssue, value: unknown): boolean {
  const { data } = Json.safeParse(value);
  const found = data === undefined ? [] : referencesIn(data);
  // a text with a reference within stays a text
  if (typeof data === "string") {
    return code === "invalid_type" ? found.some(({ whole }) => whole) : found.length > 0;
  }
  // an item that is a reference may become many, or none
  if (code === "too_small" || code === "too_big") {
    return Array.isArray(data) && found.some(({ path, whole }) => whole && path.length === 1);
  }
  const ofParts = code === "invalid_union" || code === "custom";
  return ofParts && found.length > 0;
}

/** Numbers that JSON, and so a run's state, cannot hold. */
export function numberProblems(value: unknown, path: Path, source: SourceDocument): Problem[] {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return [source.problem(path, `expected a finite number, got ${value}`)];
  }
  // without keeping track of the place: nearly always there is none
  if (typeof value !== "object" || value === null || isJson(value)) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, item]) => numberProblems(item, [...path, key], source));
}
