/** What an operation is made of. */
import type { z } from "zod";
import type { CellExpression } from "./cell-program.ts";
import type { Plan, StepScope } from "./plan.ts";

/** A step whose arguments were checked. */
export interface CheckedStep<Args> extends StepScope {
  readonly args: Args;
}

/** What a sentence is made of. */
export interface StepWords<Args> {
  readonly columns: readonly string[];
  readonly args: Args;
}

/** An operation of the recipe language. Give `cell` or `compile`, not both. */
export interface OperationDefinition<Args> {
  /** Snake case: `parse_number`. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly title: string;
  /** Its arguments; defaults are filled in by the schema. */
  readonly args: z.ZodType<Args>;
  /** What it touches: single cells, cells by looking at other rows or columns, rows, or columns. */
  readonly scope: "cell" | "table" | "row" | "schema";
  /** Whether its effect can be undone, and from what. */
  readonly reversible: string;
  /** How many columns a step names; one or more when left out. */
  readonly columnCount?: { readonly min: number; readonly max?: number };
  /** Whether a step has no meaning without `where`. */
  readonly needsWhere?: boolean;
  /** An example for the documentation: valid arguments and columns. */
  readonly example: { readonly columns: readonly string[]; readonly args: NoInfer<Args> };
  /** What a step does, as a sentence for the report, without a full stop at its end. */
  sentence(words: StepWords<Args>): string;
  /** Why a cell fails, as a clause: “is not a number”. */
  failure?(args: Args): string;
  /** What the quarantine says of the rows or cells it lists. */
  listing?(args: Args): { readonly code: string; readonly reason: string };
  /** Columns it reads besides the step's own. */
  reads?(args: Args): readonly string[];
  /** What is wrong with the arguments, given the columns. */
  check?(words: StepWords<Args>): readonly string[];
  /** Names of the columns after the step; unchanged when left out. */
  columnsAfter?(columns: readonly string[], words: StepWords<Args>): string[];
  /** How it rewrites one cell. */
  cell?(args: Args, plan: Plan): CellExpression;
  /** How it works on the table. */
  compile?(step: CheckedStep<Args>, plan: Plan): void;
}

/** An operation of unknown arguments. */
export type Operation = OperationDefinition<unknown>;

/** An operation as a value; The registry makes one known by its name. */
export function operation<Args>(definition: OperationDefinition<Args>): OperationDefinition<Args> {
  return definition;
}
