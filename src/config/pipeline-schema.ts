/** The JSON Schema of a configuration file with the options of every kind of task. */
import { type TaskKind, taskKinds } from "../tasks/index.ts";
import { fileSchema, type SchemaNode, schemaOf } from "./schema.ts";

/** What a reference stands for is not known before the task starts. */
const REFERENCE: SchemaNode = { type: "string", pattern: "\\$\\{" };

/**
 * The JSON Schema (draft 2020-12) of a file: defaults may be left out in it. Each kind of task has
 * a branch with its options; kinds of users may have any.
 */
export function pipelineSchema(): SchemaNode {
  const top = fileSchema();
  const kinds = taskKinds();
  const { task = {}, step = {}, ...definitions } = top.$defs ?? {};
  const shared = Object.assign({}, ...kinds.map((kind) => schemaOf(kind).$defs ?? {}));
  return {
    ...top,
    $defs: {
      ...definitions,
      ...shared,
      task: withKinds(task, kinds),
      step: withKinds(step, kinds),
    },
  };
}

/** The common keys of a task or step, then one branch for each kind and one for those of users. */
function withKinds(common: SchemaNode, kinds: readonly TaskKind[]): SchemaNode {
  const names = kinds.map(({ name }) => name);
  const { additionalProperties: _any, ...rest } = common;
  return {
    ...rest,
    anyOf: [
      ...kinds.map((kind) => branchOf(kind, Object.keys(common.properties ?? {}))),
      { title: "kind of your own", properties: { kind: { not: { enum: names } } } },
    ],
  };
}

function branchOf(kind: TaskKind, common: readonly string[]): SchemaNode {
  const { $defs: _shared, $schema: _dialect, ...schema } = schemaOf(kind);
  const name: SchemaNode = { const: kind.name, description: kind.description };
  return { title: kind.name, ...withCommon(schema, common, name) };
}

/** Options beside the common keys, which are checked beside the branches. */
function withCommon(schema: SchemaNode, common: readonly string[], kind: SchemaNode): SchemaNode {
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return { anyOf: variants.map((variant) => withCommon(variant, common, kind)) };
  const properties = {
    ...Object.fromEntries(common.map((key) => [key, {}])),
    ...mapValues(schema.properties ?? {}, orReference),
    kind,
  };
  return { ...schema, properties };
}

/** The node, or a text with a reference, wherever a text alone would not do. */
function orReference(node: SchemaNode): SchemaNode {
  const inner = {
    ...node,
    ...(node.items ? { items: orReference(node.items) } : {}),
    ...(node.properties ? { properties: mapValues(node.properties, orReference) } : {}),
    ...(typeof node.additionalProperties === "object"
      ? { additionalProperties: orReference(node.additionalProperties) }
      : {}),
  };
  if (node.const !== undefined || takesAnyText(node)) return inner;
  const { description, default: fallback, ...shape } = inner;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [shape, REFERENCE],
  };
}

function takesAnyText(node: SchemaNode): boolean {
  const { $ref, type, enum: values, pattern, anyOf, oneOf } = node;
  const branches = anyOf ?? oneOf;
  if (branches) return branches.some(takesAnyText);
  if ($ref !== undefined || node.const !== undefined || values || pattern !== undefined)
    return false;
  return type === undefined || [type].flat().includes("string");
}

function mapValues<A, B>(map: Readonly<Record<string, A>>, change: (value: A) => B) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
