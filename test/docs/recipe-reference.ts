import { z } from "zod";
import { findOperation, operationNames, Step } from "../../src/recipe/index.ts";

const SCOPES = {
  cell: "Cell operations",
  table: "Table operations",
  row: "Row operations",
  schema: "Operations on columns",
} as const;

/** The part of docs/recipe.md that describes the operations. */
export function recipeReference(): string {
  const all = operationNames().map((name) => findOperation(name));
  return Object.entries(SCOPES)
    .map(([scope, title]) => {
      const operations = all.filter((operation) => operation.scope === scope);
      return [`## ${title}`, ...operations.map(({ name }) => section(name))].join("\n\n");
    })
    .join("\n\n");
}

function section(name: string): string {
  const operation = findOperation(name);
  const { columns, args } = operation.example;
  const step = Step.partial().parse({ id: "s1", operation: name, columns: [...columns], args });
  const { onFail: _, ...shown } = step;
  const sentence = operation.sentence({ columns, args: operation.args.parse(args) });
  return [
    `### ${name}`,
    `${operation.title}.`,
    ...argumentTable(operation.args),
    "```json",
    JSON.stringify(shown),
    "```",
    `In words: ${sentence}.`,
    ...(operation.failure
      ? [`Fails on a cell that ${operation.failure(operation.args.parse(args))}.`]
      : []),
    `Reversible: ${operation.reversible}.${operation.needsWhere ? " Needs `where`." : ""}`,
  ]
    .join("\n\n")
    .replaceAll("```json\n\n", "```json\n")
    .replaceAll("\n\n```\n", "\n```\n");
}

const Property = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
});

function argumentTable(schema: z.ZodType): string[] {
  const json = z
    .object({
      properties: z.record(z.string(), Property).default({}),
      required: z.array(z.string()).default([]),
    })
    .parse(z.toJSONSchema(schema, { io: "input" }));
  const rows = Object.entries(json.properties).map(([name, property]) => {
    const kind = property.enum
      ? property.enum.map((value) => `\`${value}\``).join(" ")
      : (property.type ?? "any");
    const need = json.required.includes(name)
      ? "required"
      : property.default === undefined
        ? "optional"
        : `default \`${JSON.stringify(property.default)}\``;
    return `| \`${name}\` | ${kind} | ${need} | ${(property.description ?? "").replaceAll("|", String.raw`\|`)} |`;
  });
  if (rows.length === 0) return ["No arguments."];
  return [["| argument | type | | meaning |", "|---|---|---|---|", ...rows].join("\n")];
}
