/** Writes docs/configuration.md from the schema. */
import { follow, pipelineSchema, type SchemaNode } from "./schema.ts";

interface Setting {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** The reference of all settings in Markdown: a table for each section. */
export function pipelineReference(): string {
  const top = pipelineSchema();
  const tables = [...sectionsOf(top)].map(([title, settings]) => tableOf(title, settings, top));
  return tables.join("\n");
}

/** Sections by their heading: the top itself, then each named definition, in the schema's order. */
function sectionsOf(top: SchemaNode): Map<string, Setting[]> {
  const sections = new Map([["Top level", settingsOf(top)]]);
  for (const [name, definition] of Object.entries(top.$defs ?? {})) {
    const heading = name === "account" || name === "input" ? `Each ${name}` : `Section \`${name}\``;
    sections.set(heading, settingsOf(definition));
  }
  for (const branch of constraintsOf(top)) {
    sections.set(`Constraint \`${kindOf(branch)}\``, settingsOf(branch));
  }
  return sections;
}

function constraintsOf(top: SchemaNode): readonly SchemaNode[] {
  return top.$defs?.["validation"]?.properties?.["constraints"]?.items?.oneOf ?? [];
}

function kindOf(branch: SchemaNode): string {
  return String(branch.properties?.["kind"]?.const);
}

/** The settings of a map; maps within it that have no name of their own are opened. */
function settingsOf(map: SchemaNode, prefix = ""): Setting[] {
  return Object.entries(map.properties ?? {}).flatMap(([key, node]) => {
    const required = map.required?.includes(key) ?? false;
    return [{ path: prefix + key, node, required }].concat(settingsOf(node, `${prefix}${key}.`));
  });
}

function tableOf(title: string, settings: readonly Setting[], top: SchemaNode): string {
  const name = /`(\w+)`|Each (\w+)/.exec(title)?.slice(1).find(Boolean) ?? "";
  const description = top.$defs?.[name]?.description;
  const rows = settings.map(({ path, node, required }) => [
    `\`${path}\``,
    escapeCell(typeOf(node)),
    required ? "required" : defaultOf(node),
    escapeCell(follow(node, top).description ?? ""),
  ]);
  const head = ["Setting", "Type", "Default", "Meaning"];
  const lines = [
    `## ${title}`,
    "",
    ...(description ? [description, ""] : []),
    ...pad([head, ...rows]),
  ];
  return `${lines.join("\n")}\n`;
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
  return name === "account" || name === "input" ? `#each-${name}` : `#section-${name}`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
