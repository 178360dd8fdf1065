/**
 * The staged plan of a recipe while it is compiled: which columns there are, and for each the
 * layers of changed values that lie over its input.
 *
 * @module
 */
import { identifier, literal, ROW, type Sql } from "../core/index.ts";
import { type CellExpression, type CellStep, cellProgramSql, listsCells } from "./cell-program.ts";
import {
  type Layer,
  type PlannedColumn,
  failsSql,
  joinsOf,
  stepsSql,
  valueSql,
} from "./planned-column.ts";
import { predicateColumns, predicateSql } from "./predicate.ts";
import type { Predicate, Step } from "./step.ts";

/** Layers of a column before they are merged into one. */
const MAX_LAYERS = 3;
/** Changed columns joined in one statement: every join holds memory of its own. */
export const JOINS_PER_STATEMENT = 20;
/** Rows of one VALUES list. */
const ROWS_PER_INSERT = 500;

/** What a plan needs of a step: all but its arguments. */
export type StepScope = Omit<Step, "args">;

/** What is known of the source's size: it changes the plan, never the answer. */
export interface PlanHints {
  /** Columns in which nearly every value differs. */
  readonly inline?: ReadonlySet<string> | undefined;
  /** Whether the source is small enough to be held in memory. */
  readonly resident?: boolean | undefined;
}

/** What a compiled plan consists of. */
export class Plan {
  readonly statements: Sql[] = [];
  readonly inputs: readonly string[];
  /** Input columns whose steps are evaluated on rows, because nearly every value differs. */
  readonly inline: ReadonlySet<string>;
  /** Steps that dropped or renamed an input column. */
  readonly leftBy = new Map<string, string>();
  #columns: PlannedColumn[];
  #tables = 0;
  #removes = false;

  /** `resident` copies the source into memory first: every statement opens a file anew. */
  constructor(
    inputs: readonly string[],
    source: Sql,
    { inline = new Set(), resident = false }: PlanHints = {},
  ) {
    this.inputs = inputs;
    this.inline = inline;
    this.#columns = inputs.map((name) => {
      return { name, input: name, layers: [], pending: [], madeBy: [] };
    });
    this.statements.push(
      `CREATE TEMP ${resident ? "TABLE" : "VIEW"} src AS SELECT * FROM ${source}`,
    );
  }

  get columns(): readonly PlannedColumn[] {
    return this.#columns;
  }

  /** Whether some step removes rows; they are then in the temporary table `removed`. */
  get removes(): boolean {
    return this.#removes;
  }

  /** Create a temporary table from a SELECT; gives its name. */
  table(select: Sql): string {
    const name = `t${++this.#tables}`;
    this.statements.push(`CREATE TEMP TABLE ${name} AS ${select}`);
    return name;
  }

  /** Create a temporary table of texts (NULL allowed) with an extra column `hit`, TRUE throughout. */
  lookup(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
    const columns = names.map((name) => `NULL::VARCHAR AS ${name}`).join(", ");
    const table = this.table(`SELECT ${columns}, TRUE AS hit LIMIT 0`);
    for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
      const some = rows.slice(at, at + ROWS_PER_INSERT);
      const values = some.map((row) => `(${row.map((cell) => literal(cell)).join(", ")}, TRUE)`);
      this.statements.push(`INSERT INTO ${table} VALUES ${values.join(", ")}`);
    }
    return table;
  }

  /**
   * A SELECT of the rows still there, with their values at this point: r (the row), c0, c1 … in
   * the order of `names`.
   */
  relation(names: readonly string[]): Sql {
    for (const name of names) this.#flush(name);
    const columns = names.map((name) => this.column(name));
    const values = columns.map((column, i) => `${valueSql(column)} AS c${i}`);
    const row = `s.${identifier(ROW)}`;
    if (columns.filter(({ layers }) => layers.length > 0).length <= JOINS_PER_STATEMENT)
      return `SELECT ${[`${row} AS r`, ...values].join(", ")} ${this.from(columns)}`;
    // Every join holds memory of its own: some columns at a time, then laid side by side.
    const tables: string[] = [];
    for (let at = 0; at < columns.length; at += JOINS_PER_STATEMENT) {
      const end = at + JOINS_PER_STATEMENT;
      const from = this.from(columns.slice(at, end));
      const some = values.slice(at, end).join(", ");
      tables.push(this.table(`SELECT ${row} AS r, ${some} ${from} ORDER BY r`));
    }
    const cells = columns.map((_, i) => `c${i}`);
    return `SELECT ${[`${tables[0]}.r`, ...cells].join(", ")} FROM ${tables.join(" POSITIONAL JOIN ")}`;
  }

  /** FROM the source `s`, without removed rows, joined with the layers of `columns`. */
  from(columns: readonly PlannedColumn[]): Sql {
    const anti = this.#removes ? `ANTI JOIN removed ON removed.r = s.${identifier(ROW)}` : "";
    return ["FROM src s", anti, ...columns.flatMap((column) => joinsOf(column))].join(" ");
  }

  /** As {@link Plan.from}, with removed rows. */
  fromAll(columns: readonly PlannedColumn[]): Sql {
    return ["FROM src s", ...columns.flatMap((column) => joinsOf(column))].join(" ");
  }

  /** A table of the rows (r) that a predicate holds for at this point. */
  rows(where: Predicate): string {
    const names = predicateColumns(where);
    const valueOf = (name: string) => `c${names.indexOf(name)}`;
    return this.table(
      `SELECT r FROM (${this.relation(names)}) WHERE ${predicateSql(where, valueOf)}`,
    );
  }

  /** Add a cell operation to each column of a step. */
  cells(step: StepScope, expression: CellExpression): void {
    const { where, ...rest } = step;
    const own = (name: string) =>
      where === undefined || predicateColumns(where).every((column) => column === name);
    const rows = where && !step.columns.every(own) ? this.rows(where) : undefined;
    for (const name of step.columns) {
      const { id, onFail, guard } = rest;
      const cell: CellStep = { id, onFail, guard, expression, where: rows ? undefined : where };
      if (!rows) {
        this.#update(name, (column) => ({ ...column, pending: [...column.pending, cell] }));
        continue;
      }
      const from = `SELECT r, c0 AS k FROM (${this.relation([name])}) SEMI JOIN ${rows} w USING (r)`;
      this.#layer(name, "row", cellProgramSql([cell], from, ["r"]), listsCells([cell]));
    }
  }

  /**
   * Write new values over a column's rows. `select` gives r, o (the value as it is) and n (the new
   * one), each row at most once; the step's `where` and `guard` are applied here, where `rows` is
   * the table of the rows that `where` held for before the step.
   */
  patch(step: StepScope, column: string, select: Sql, rows?: string): void {
    const guard =
      step.guard === undefined
        ? ""
        : `AND coalesce(regexp_full_match(o, ${literal(step.guard)}), FALSE)`;
    const scope = rows ? `SEMI JOIN ${rows} w USING (r)` : "";
    this.#flush(column);
    this.#layer(
      column,
      "row",
      `SELECT r, o AS k, nullif(n, '') AS v, ${literal(step.id)} AS steps, NULL::VARCHAR AS fails
      FROM (${select}) p ${scope} WHERE o IS DISTINCT FROM nullif(n, '') ${guard}`,
    );
  }

  /** Insert a new, empty column before position `at`. */
  add(name: string, step: StepScope, at: number): void {
    this.#columns.splice(at, 0, {
      name,
      input: null,
      layers: [],
      pending: [],
      madeBy: [step.id],
    });
  }

  /** Remove a column. */
  drop(name: string, step: StepScope): void {
    const at = this.position(name);
    this.#leave(name, step);
    this.#columns.splice(at, 1);
  }

  /** Rename columns, all at once, so that names can be exchanged. */
  rename(names: ReadonlyMap<string, string>, step: StepScope): void {
    for (const name of names.keys()) this.#leave(name, step);
    this.#columns = this.#columns.map((column) => {
      const to = names.get(column.name);
      if (to === undefined || to === column.name) return column;
      // Pending steps may name the column in their predicate; they see only its value.
      return { ...column, name: to, madeBy: [...column.madeBy, step.id] };
    });
  }

  /** Put the columns into another order. */
  reorder(order: readonly string[]): void {
    this.#columns = order.map((name) => this.column(name));
  }

  /** Take rows out: `select` gives r and kept, the row that a duplicate repeats or NULL. */
  remove(step: StepScope, kind: "duplicate" | "quarantine", select: Sql): void {
    const row = `SELECT r::BIGINT, kept::BIGINT, ${literal(kind)}, ${literal(step.id)} FROM (${select})`;
    if (!this.#removes) {
      this.statements.push(
        "CREATE TEMP TABLE removed (r BIGINT, kept BIGINT, kind VARCHAR, step VARCHAR)",
      );
    }
    this.statements.push(`INSERT INTO removed ${row}`);
    this.#removes = true;
  }

  /** Evaluate all that is pending. */
  finish(): void {
    for (const { name } of this.#columns) this.#flush(name);
  }

  column(name: string): PlannedColumn {
    const column = this.#columns[this.position(name)];
    if (!column) throw new Error(`no column ${name} in the plan`);
    return column;
  }

  position(name: string): number {
    return this.#columns.findIndex((column) => column.name === name);
  }

  #leave(name: string, step: StepScope): void {
    if (this.column(name).input === name && !this.leftBy.has(name)) this.leftBy.set(name, step.id);
  }

  #update(name: string, change: (column: PlannedColumn) => PlannedColumn): void {
    this.#columns[this.position(name)] = change(this.column(name));
  }

  #flush(name: string): void {
    const { pending, layers, input } = this.column(name);
    if (pending.length === 0) return;
    this.#update(name, (column) => ({ ...column, pending: [] }));
    const values = `SELECT r, c0 AS k FROM (${this.relation([name])})`;
    const lists = listsCells(pending);
    if (layers.length === 0 && input !== null && this.inline.has(input)) {
      this.#layer(name, "row", cellProgramSql(pending, values, ["r"]), lists);
    } else {
      const distinct = `SELECT DISTINCT k FROM (${values})`;
      this.#layer(name, "value", cellProgramSql(pending, distinct), lists);
    }
  }

  #layer(name: string, by: Layer["by"], select: Sql, lists = false): void {
    const key = by === "row" ? "r, k" : "k";
    const table = this.table(`SELECT ${key}, v, steps, fails FROM (${select})`);
    this.#update(name, (column) => ({
      ...column,
      layers: [...column.layers, { table, by, lists }],
    }));
    const column = this.column(name);
    if (column.layers.length <= MAX_LAYERS) return;
    const before = valueSql({ ...column, layers: [] });
    const merged = `SELECT s.${identifier(ROW)} AS r, ${before} AS k, ${valueSql(column)} AS v,
      ${stepsSql(column)} AS steps, ${failsSql(column)} AS fails ${this.from([column])}`;
    const whole = this.table(
      `SELECT * FROM (${merged}) WHERE steps IS NOT NULL OR fails IS NOT NULL`,
    );
    this.#update(name, () => ({
      ...column,
      layers: [{ table: whole, by: "row", lists: column.layers.some((layer) => layer.lists) }],
    }));
  }
}
