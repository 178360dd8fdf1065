/** A YAML file that still knows where everything stands. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { Path, Problem } from "./problems.ts";

/** Opens a text scalar of a document: returns its new value, or what is wrong with it. */
export type Substitute = (
  text: string,
  path: Path,
) => {
  readonly value: string;
  readonly flaws: readonly string[];
};

/** A parsed YAML file with the place of each value. */
export class SourceDocument {
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();
  /** Pairs of large maps by their key: the parser looks through all of them for each. */
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, merge: true });
  }

  /** Mistakes of the YAML itself. */
  get problems(): Problem[] {
    return [...this.#document.errors, ...this.#document.warnings].map((error) => {
      const { line, col } = this.#lines.linePos(error.pos[0]);
      return { line, column: col, path: [], text: sentenceOf(error) };
    });
  }

  /** Whether the tree can be trusted: only its keys are doubled, if anything is wrong. */
  get readable(): boolean {
    return this.#document.errors.every((error) => error.code === "DUPLICATE_KEY");
  }

  /**
   * The file as plain data.
   *
   * @throws {ReferenceError} When aliases multiply without end.
   */
  toValue(): unknown {
    return this.#document.toJS();
  }

  /** Replace what stands in text values, keys apart, and tell what cannot be replaced. */
  substitute(replace: Substitute): Problem[] {
    const problems: Problem[] = [];
    const path: (string | number)[] = [];
    const below = (key: string | number, node: unknown): void => {
      path.push(key);
      walk(node);
      path.pop();
    };
    const walk = (node: unknown): void => {
      if (isMap(node)) {
        for (const pair of node.items) if (isOpen(pair.value)) below(keyOf(pair), pair.value);
      } else if (isSeq(node)) {
        for (const [i, item] of node.items.entries()) if (isOpen(item)) below(i, item);
      } else if (isScalar(node) && typeof node.value === "string") {
        const { value, flaws } = replace(node.value, path);
        node.value = value;
        problems.push(...flaws.map((text) => this.problem([...path], text)));
      }
    };
    const { contents } = this.#document;
    if (isOpen(contents)) walk(contents);
    return problems;
  }

  /** A problem of the value at a path; of the nearest one above where there is none. */
  problem(path: Path, text: string): Problem {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.#node(path.slice(0, depth));
      if (node?.range) return { ...this.#place(node.range[0]), path, text };
    }
    return { ...this.#place(this.#document.contents?.range?.[0] ?? 0), path, text };
  }

  /** A problem of a key rather than its value. */
  problemOfKey(path: Path, text: string): Problem {
    const parent = this.#node(path.slice(0, -1));
    const pair = isMap(parent) ? this.#pairsOf(parent).get(String(path.at(-1))) : undefined;
    const range = isScalar(pair?.key) ? pair.key.range : undefined;
    return range ? { ...this.#place(range[0]), path, text } : this.problem(path, text);
  }

  /** The text of a scalar as it stands in the file, before any substitution. */
  sourceAt(path: Path): string | undefined {
    const node = this.#node(path);
    return isScalar(node) ? node.source : undefined;
  }

  #node(path: Path): Node | undefined {
    let node: unknown = this.#document.contents;
    for (const key of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (isMap(node)) node = this.#pairsOf(node).get(String(key))?.value;
      else if (isSeq(node)) node = node.items[Number(key)];
      else return undefined;
    }
    return isNode(node) ? node : undefined;
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known) return known;
    // backwards: of a key that stands twice the first counts
    const pairs = new Map(map.items.toReversed().map((pair) => [keyOf(pair), pair]));
    this.#pairs.set(map, pairs);
    return pairs;
  }

  #place(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}

/** Whether there may be something to substitute: nearly all that stands in a large file has nothing. */
function isOpen(node: unknown): boolean {
  return !isScalar(node) || (typeof node.value === "string" && node.value.includes("${"));
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** The parser's words without its own drawing of the place. */
function sentenceOf(error: { readonly message: string; readonly code: string }): string {
  const [first = error.code] = error.message.split("\n");
  const plain = first.replace(/ at line \d+, column \d+:?$/, "");
  return error.code === "DUPLICATE_KEY" ? "this key stands twice in its map" : plain;
}
