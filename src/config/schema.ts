/** The JSON Schema of a configuration file, and questions to it. */
import { z } from "zod";
import { PipelineFile } from "./file.ts";
import type { Path } from "./problems.ts";

/** A JSON Schema node, as far as it is read here. */
export interface SchemaNode {
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
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** The JSON Schema (draft 2020-12) of a file: defaults may be left out in it. */
export function pipelineSchema(): SchemaNode {
  const schema = z.toJSONSchema(PipelineFile, { target: "draft-2020-12", io: "input" });
  // as plain data, without zod's link back to the shape
  return JSON.parse(JSON.stringify(schema));
}

/** A node with its reference followed. */
export function follow(node: SchemaNode, top: SchemaNode): SchemaNode {
  const name = node.$ref?.replace("#/$defs/", "");
  const target = name === undefined ? undefined : top.$defs?.[name];
  if (!target) return node;
  return node.description === undefined ? target : { ...target, description: node.description };
}

/** Settings that a map at a path may have, in all the forms that fit what stands there. */
export function knownKeys(path: Path, value: unknown): string[] {
  const top = pipelineSchema();
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
