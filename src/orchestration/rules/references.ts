/** References in the options of tasks: `${tasks.download.files}` and their like. */
import { type Json, WranglerError } from "../../core/index.ts";

/** Steps below a value: names of a map, positions of a list. */
export type ReferencePath = readonly (string | number)[];

/** A reference, read. `path` leads on from the named value: `${tasks.a.files[0]}` has `[0]`. */
export type Reference =
  | {
      readonly of: "tasks";
      readonly task: string;
      readonly name: string;
      readonly path: ReferencePath;
    }
  | { readonly of: "run"; readonly name: "id" | "scheduledAt" }
  | { readonly of: "account"; readonly name: "id" }
  | { readonly of: "vars"; readonly name: string; readonly path: ReferencePath }
  /** Its value is known only while the task is at work, and kept nowhere. */
  | { readonly of: "secrets"; readonly name: string };

/** Something that looks like a reference and is none. */
export interface MalformedReference {
  readonly of: "malformed";
  readonly text: string;
  readonly reason: string;
}

/** A reference and where it stands. */
export interface FoundReference {
  readonly path: (string | number)[];
  readonly reference: Reference | MalformedReference;
  /** Whether the text is nothing but this reference: it then takes the value with its type. */
  readonly whole: boolean;
}

/** `$${` (a literal `${`), `${…}`, or a `${` that is not closed. */
const MARK = /\$\$\{|\$\{[^}]*\}?/g;
/** Environment variables are the configuration's matter, not ours. */
const ENVIRONMENT = /^\$\{(?!(?:tasks|run|account|vars|secrets)\})[A-Za-z_][A-Za-z0-9_]*\}$/;
/** One step: `.name`, `[3]`, `["any name"]`. */
const STEP = /^(?:\.([\p{L}\p{N}_-]+)|\[(\d+)\]|\[(?:"([^"]*)"|'([^']*)')\])/u;

const FORMS = {
  tasks: "expected ${tasks.ID.NAME}",
  run: "expected ${run.id} or ${run.scheduledAt}",
  account: "expected ${account.id}",
  vars: "expected ${vars.NAME}",
  secrets: "expected ${secrets.NAME}",
} as const;

/** All references in a value, in the order of its texts. Keys of maps are not looked at. */
export function referencesIn(value: Json): FoundReference[] {
  const found: FoundReference[] = [];
  collect(value, [], found);
  return found;
}

/**
 * Read one reference, with or without its `${` and `}`. Ids and names with other signs than
 * letters, digits, `_` and `-` are written in brackets: `${tasks["a.b"].files}`.
 */
export function parseReference(text: string): Reference | MalformedReference {
  const malformed = (reason: string): MalformedReference => ({ of: "malformed", text, reason });
  const body = text.startsWith("${") ? text.slice(2, text.endsWith("}") ? -1 : undefined) : text;
  if (text.startsWith("${") && !text.endsWith("}")) {
    return malformed("it is not closed by }; a literal ${ is written $${");
  }
  const of = /^[a-z]+(?=[.[]|$)/.exec(body)?.[0] ?? "";
  if (!isSource(of)) {
    return malformed(
      "expected ${tasks.…}, ${run.…}, ${account.…}, ${vars.…}, ${secrets.…} or ${NAME}; a literal ${ is written $${",
    );
  }
  const steps = stepsOf(body.slice(of.length));
  return (steps && build(of, steps)) ?? malformed(FORMS[of]);
}

/**
 * The value with its references replaced. A text that is just one reference becomes the value
 * itself; as an item of a list, a reference to a list becomes its elements, each an item of its own.
 * In a longer text, texts stand as they are, numbers and booleans as JSON, null as nothing, lists and
 * maps as compact JSON. What is put in is not searched again.
 *
 * @param lookup - The value that a reference names, before its `path`; undefined when there is none.
 * @throws {WranglerError} REFERENCE_EMPTY when a value is not there, CONFIG_INVALID for a malformed reference.
 */
export function resolveReferences(
  value: Json,
  lookup: (reference: Reference) => Json | undefined,
): Json {
  if (typeof value === "string") return resolveText(value, lookup);
  if (isList(value)) return value.flatMap((item) => resolveItem(item, lookup));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveReferences(item, lookup)]),
  );
}

/** `path` is that of the value; it is changed on the way and copied only where something is found. */
function collect(value: Json, path: (string | number)[], found: FoundReference[]): void {
  if (typeof value === "string") {
    if (!value.includes("${")) return;
    for (const [text] of value.matchAll(MARK)) {
      if (isLiteral(text)) continue;
      found.push({ path: [...path], reference: parseReference(text), whole: text === value });
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of isList(value) ? value.entries() : Object.entries(value)) {
      path.push(key);
      collect(item, path, found);
      path.pop();
    }
  }
}

/** An item of a list: a reference to a list puts its elements there, as a shell does with `"$@"`. */
function resolveItem(
  item: Json,
  lookup: (reference: Reference) => Json | undefined,
): readonly Json[] {
  const resolved = resolveReferences(item, lookup);
  return typeof item === "string" && isList(resolved) ? resolved : [resolved];
}

function resolveText(text: string, lookup: (reference: Reference) => Json | undefined): Json {
  const only = text.match(MARK);
  if (only?.[0] === text && !isLiteral(text)) return valueOf(text, lookup);
  return text.replaceAll(MARK, (mark) => {
    if (mark === "$${") return "${";
    return isLiteral(mark) ? mark : textOf(valueOf(mark, lookup));
  });
}

/** Whether a mark is not a reference of ours. */
function isLiteral(mark: string): boolean {
  return mark === "$${" || ENVIRONMENT.test(mark);
}

function valueOf(text: string, lookup: (reference: Reference) => Json | undefined): Json {
  const reference = parseReference(text);
  if (reference.of === "malformed") {
    throw new WranglerError("CONFIG_INVALID", `${text}: ${reference.reason}.`);
  }
  let value = lookup(reference);
  for (const step of "path" in reference ? reference.path : []) value = below(value, step);
  if (value === undefined) {
    throw new WranglerError("REFERENCE_EMPTY", `${text} has no value.`, { reference: text });
  }
  return value;
}

function below(value: Json | undefined, step: string | number): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isList(value)) return typeof step === "number" ? value[step] : undefined;
  return Object.hasOwn(value, step) ? value[step] : undefined;
}

function textOf(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isSource(name: string): name is keyof typeof FORMS {
  return Object.hasOwn(FORMS, name);
}

function stepsOf(text: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  for (let rest = text; rest !== "";) {
    const match = STEP.exec(rest);
    if (!match) return undefined;
    const [whole, name, index, double, single] = match;
    steps.push(index === undefined ? (name ?? double ?? single ?? "") : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps;
}

function build(
  of: keyof typeof FORMS,
  [name, ...path]: readonly (string | number)[],
): Reference | undefined {
  if (typeof name !== "string" || name === "") return undefined;
  if (of === "vars") return { of, name, path };
  if (of === "tasks") return taskReference(name, path);
  if (path.length > 0) return undefined;
  if (of === "secrets") return { of, name };
  if (of === "account") return name === "id" ? { of, name } : undefined;
  return name === "id" || name === "scheduledAt" ? { of, name } : undefined;
}

function taskReference(
  task: string,
  [name, ...path]: readonly (string | number)[],
): Reference | undefined {
  if (typeof name !== "string" || name === "") return undefined;
  return { of: "tasks", task, name, path };
}
