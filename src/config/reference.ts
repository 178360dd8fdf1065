/** Writes docs/configuration.md from the schema. */
import { type TaskKind, taskKinds } from "../tasks/index.ts";
import { fileSchema, follow, type SchemaNode, schemaOf } from "./schema.ts";

interface Setting {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

interface Section {
  readonly title: string;
  readonly description?: string | undefined;
  readonly settings: readonly Setting[];
  /** What its references lead into. */
  readonly top: SchemaNode;
}

/** The reference of all settings in Markdown: a table for each section. */
export function pipelineReference(): string {
  return sections().map(tableOf).join("\n");
}

/** The top itself, each named definition in the schema's order, then all that is told apart by a key. */
function sections(): Section[] {
  const top = fileSchema();
  const { recovery, ...definitions } = top.$defs ?? {};
  const constraints = definitions["validation"]?.properties?.["constraints"]?.items;
  return [
    { title: "Top level", settings: settingsOf(top), top },
    ...Object.entries(definitions).map(([name, definition]) => ({
      title: EACH.has(name) ? `Each ${name}` : `Section \`${name}\``,
      description: definition.description,
      settings: settingsOf(definition),
      top,
    })),
    { title: "Each recovery", description: recovery?.description, settings: [], top },
    ...branchesOf("Recovery", "do", recovery, top),
    ...taskKinds().flatMap(sectionsOfKind),
    ...branchesOf("Constraint", "kind", constraints, top),
  ];
}

/** Definitions of which a file has many. */
const EACH = new Set(["account", "input", "workflow", "task", "step", "recovery", "schedule"]);

function branchesOf(
  noun: string,
  key: string,
  union: SchemaNode | undefined,
  top: SchemaNode,
): Section[] {
  return (union?.oneOf ?? []).map((branch) => ({
    title: `${noun} \`${String(branch.properties?.[key]?.const)}\``,
    settings: settingsOf(branch),
    top,
  }));
}

function sectionsOfKind(kind: TaskKind): Section[] {
  const top = schemaOf(kind);
  const results = Object.entries(kind.results ?? {}).map(
    ([name, said]) => `\`${name}\` (${said.replace(/\.$/, "")})`,
  );
  const has = results.length > 0 ? [`Results: ${results.join(", ")}.`] : [];
  const variants = top.anyOf ?? top.oneOf ?? [top];
  return variants.map((variant, i) => ({
    title: `Task kind \`${kind.name}\`${i === 0 ? "" : `, form ${i + 1}`}`,
    description: i === 0 ? [kind.description, ...has].join("\n\n") : undefined,
    settings: settingsOf(variant),
    top,
  }));
}

/** The settings of a map; maps within it that have no name of their own are opened. */
function settingsOf(map: SchemaNode, prefix = ""): Setting[] {
  return Object.entries(map.properties ?? {}).flatMap(([key, node]) => {
    const required = map.required?.includes(key) ?? false;
    return [{ path: prefix + key, node, required }].concat(settingsOf(node, `${prefix}${key}.`));
  });
}

function tableOf({ title, description, settings, top }: Section): string {
  const rows = settings.map(({ path, node, required }) => [
    `\`${path}\``,
    escapeCell(typeOf(node)),
    required ? "required" : defaultOf(node),
    escapeCell(follow(node, top).description ?? ""),
  ]);
  const head = ["Setting", "Type", "Default", "Meaning"];
  const lines = [`## ${title}`, ""];
  if (description !== undefined) lines.push(description, "");
  if (rows.length > 0) lines.push(...pad([head, ...rows]), "");
  return lines.join("\n");
}

function pad(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const [head = "", ...body] = rows.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`,
  );
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body];
}

function defaultOf({ default: value }: SchemaNode): string {
  return value === undefined || JSON.stringify(value) === "{}"
    ? ""
    : `\`${JSON.stringify(value)}\``;
}

function typeOf(reference: SchemaNode): string {
  if (reference.$ref)
    return `[${reference.$ref.replace("#/$defs/", "")}](${anchorOf(reference.$ref)})`;
  const { anyOf, oneOf, const: fixed, enum: values, items, type = "any", ...node } = reference;
  const branches = anyOf ?? oneOf;
  if (reference.properties === undefined && oneOf) return "one of the constraints below";
  if (branches) return [...new Set(branches.map((branch) => typeOf(branch)))].join(" or ");
  if (fixed !== undefined) return JSON.stringify(fixed);
  if (values) return values.map((value) => JSON.stringify(value)).join(", ");
  if (items) return items.anyOf ? `list of (${typeOf(items)})` : `list of ${typeOf(items)}`;
  if (typeof node.additionalProperties === "object") {
    return `map of ${typeOf(node.additionalProperties)}`;
  }
  return [type].flat().map(plainType).join(" or ") + rangeOf(node);
}

function plainType(type: string): string {
  const names: Record<string, string> = {
    string: "text",
    integer: "whole number",
    boolean: "true, false",
    object: "map",
  };
  return names[type] ?? type;
}

function rangeOf({ minimum, maximum, minLength, maxLength }: SchemaNode): string {
  const least = minimum ?? minLength;
  const most = maximum ?? maxLength;
  const unit = minimum === undefined && maximum === undefined ? " characters" : "";
  if (bound(least) && bound(most)) return ` ${least} … ${most}${unit}`;
  if (bound(most)) return ` up to ${most}${unit}`;
  return bound(minimum) ? ` from ${minimum}` : "";
}

/** Whether a limit says something: whole numbers always have those of the number type. */
function bound(limit: number | undefined): boolean {
  return limit !== undefined && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
}

function anchorOf(reference: string): string {
  const name = reference.replace("#/$defs/", "");
  return EACH.has(name) ? `#each-${name}` : `#section-${name}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
