/**
 * User constraints: each kind says which statements count its violations.
 *
 * @module
 */
import { didYouMean, type Json, type Sql, WranglerError } from "../../core/index.ts";
import { constraintKinds } from "./constraint-kinds.ts";
import type { Constraint } from "./options.ts";

/** What a constraint of one's own is asked about. */
export interface ConstraintContext {
  /** Columns that the rule names; they exist in `table`. */
  readonly columns: readonly string[];
  /** Arguments, as the configuration has them. */
  readonly args: Readonly<Record<string, Json>>;
  /** The table as a relation for FROM: `__row` and one VARCHAR per column, empty cells NULL. */
  readonly table: Sql;
}

/** A kind of constraint that a user module adds. */
export interface ConstraintDefinition {
  /** What `use` in the configuration says. */
  readonly name: string;
  /** What is expected, to end the sentence "Every … ": `date is a working day`. */
  expects(context: Omit<ConstraintContext, "table">): string;
  /** A SELECT of one row with one BIGINT column `violations`. */
  violations(context: ConstraintContext): Sql;
}

const definitions = new Map<string, ConstraintDefinition>();

/** Register a kind of constraint under its name; a second one of that name takes its place. */
export function defineConstraint(definition: ConstraintDefinition): ConstraintDefinition {
  definitions.set(definition.name, definition);
  return definition;
}

/** A constraint, ready to be counted. */
export interface CheckedConstraint {
  /** The constraint's own name, or one made from its kind and columns. */
  readonly name: string;
  readonly hard: boolean;
  readonly columns: readonly string[];
  /** What is expected, as a clause. */
  readonly expects: string;
  /** Statements whose `violations` add up; each names at most 40 columns. */
  violations(table: Sql): Sql[];
}

/**
 * Make a constraint ready to be counted.
 *
 * @throws {WranglerError} CONFIG_INVALID for a kind that nobody registered.
 */
export function checkedConstraint(constraint: Constraint): CheckedConstraint {
  const { hard } = constraint;
  const kind = kindOf(constraint);
  const name = constraint.name ?? [constraint.kind, ...kind.columns].join(" ");
  return { name, hard, ...kind };
}

function kindOf(constraint: Constraint): Omit<CheckedConstraint, "name" | "hard"> {
  if (constraint.kind !== "custom") return constraintKinds(constraint);
  const { columns, args, use } = constraint;
  const definition = definitions.get(use);
  if (!definition) {
    const known = [...definitions.keys()].toSorted();
    const reason = `validation.constraints: no kind of rule is registered as "${use}".${didYouMean(use, known)}`;
    throw new WranglerError("CONFIG_INVALID", reason, { use, known });
  }
  return {
    columns,
    expects: definition.expects({ columns, args }),
    violations: (table) => [definition.violations({ columns, args, table })],
  };
}
