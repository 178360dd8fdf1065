/** JSON Schemas of what users write, and questions to them. */
import { z } from "zod";
import { Json } from "../core/index.ts";
import type { TaskKind } from "../tasks/index.ts";
import { PipelineFile } from "./file.ts";
import type { Path } from "./problems.ts";

/** A JSON Schema node, as far as it is read here. */
export interface SchemaNode {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly propertyNames?: SchemaNode;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly not?: SchemaNode;
}

/** The JSON Schema of a file by itself; options of tasks may be anything in it. */
export const fileSchema = once(() => jsonSchemaOf(PipelineFile));

/** The JSON Schema of the options of a kind of task. */
export function schemaOf(kind: TaskKind): SchemaNode {
  const known = ofKinds.get(kind);
  if (known) return known;
  const schema = jsonSchemaOf(kind.options);
  ofKinds.set(kind, schema);
  return schema;
}

const ofKinds = new WeakMap<TaskKind, SchemaNode>();

/** A JSON Schema (draft 2020-12) for what users write: defaults may be left out in it. */
function jsonSchemaOf(shape: z.ZodType): SchemaNode {
  const schema = z.toJSONSchema(shape, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const of: unknown = zodSchema;
      // any JSON says nothing in a schema for JSON
      if (of === Json) for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    },
  });
  return withoutEmptyDefinitions(schema);
}

/** As plain data, without zod's link back to the shape and without names for nothing. */
function withoutEmptyDefinitions(schema: z.core.JSONSchema.BaseSchema): SchemaNode {
  const definitions = Object.entries(schema.$defs ?? {});
  const empty = definitions.filter(([, node]) => Object.keys(node).length === 0);
  const references = new Set(empty.map(([name]) => `#/$defs/${name}`));
  const $defs = Object.fromEntries(definitions.filter((entry) => !empty.includes(entry)));
  const plain = { ...schema, $defs };
  return JSON.parse(JSON.stringify(plain), (key, value) => {
    if (key === "$ref" && references.has(value)) return undefined;
    return key === "$defs" && Object.keys(value).length === 0 ? undefined : value;
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A node with its reference followed. */
export function follow(node: SchemaNode, top: SchemaNode): SchemaNode {
  const name = node.$ref?.replace("#/$defs/", "");
  const target = name === undefined ? undefined : top.$defs?.[name];
  if (!target) return node;
  return node.description === undefined ? target : { ...target, description: node.description };
}

/** Settings that a map at a path of a file may have, in all the forms that fit what stands there. */
export function knownKeys(path: Path, value: unknown): string[] {
  return keysAt(fileSchema(), path, value);
}

/** The same for any schema. */
export function keysAt(top: SchemaNode, path: Path, value: unknown): string[] {
  let nodes = [top];
  let at = value;
  for (const key of path) {
    nodes = forms(nodes, top, at).flatMap((node) => step(node, key));
    at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  }
  return [...new Set(forms(nodes, top, at).flatMap((node) => Object.keys(node.properties ?? {})))];
}

function step(node: SchemaNode, key: string | number): SchemaNode[] {
  if (typeof key === "number") return node.items ? [node.items] : [];
  const own = node.properties?.[key];
  if (own) return [own];
  return typeof node.additionalProperties === "object" ? [node.additionalProperties] : [];
}

/** The nodes with references and unions opened, without those whose fixed values differ from the value's. */
function forms(nodes: readonly SchemaNode[], top: SchemaNode, value: unknown): SchemaNode[] {
  return nodes.flatMap((reference) => {
    const node = follow(reference, top);
    const branches = node.anyOf ?? node.oneOf;
    if (branches) return forms(branches, top, value);
    const differs = Object.entries(node.properties ?? {}).some(
      ([key, { const: fixed }]) =>
        fixed !== undefined &&
        typeof value === "object" &&
        value !== null &&
        Object.hasOwn(value, key) &&
        Reflect.get(value, key) !== fixed,
    );
    return differs ? [] : [node];
  });
}
