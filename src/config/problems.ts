/** Mistakes in a configuration file, with their places. */
import { WranglerError } from "../core/index.ts";

/** Where a value stands in a file: keys and list positions from the top. */
export type Path = readonly (string | number)[];

export interface Problem {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
  readonly path: Path;
  /** What was expected and what came. */
  readonly text: string;
}

/** `accounts[0].inputs`. */
export function printPath(path: Path): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return text.replace(/^\./, "");
}

/** All problems of a file as one error, in the order in which they stand there, each once. */
export function configInvalid(file: string, problems: readonly Problem[]): WranglerError {
  const lines = problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, path, text }) => {
      const place = printPath(path);
      return `${file}:${line}:${column} ${place === "" ? text : `${place}: ${text}`}`;
    });
  const unique = [...new Set(lines)];
  const count = unique.length === 1 ? "1 problem:" : `${unique.length} problems:`;
  return new WranglerError("CONFIG_INVALID", [count, ...unique].join("\n  "), {
    path: file,
    problems: unique,
  });
}
