/**
 * Scores a repair against ground truth, cell by cell, the way the data-cleaning literature does:
 * both sides are HTML-unescaped, runs of white space are one blank, ends are trimmed.
 *
 * precision = right repairs / cells written, recall = right repairs / wrong cells. In `typed` mode
 * numbers compare by value and all spellings of "missing" are one.
 *
 * @module
 */

/** A table as records of text; the first record is the header. */
export type Records = readonly (readonly string[])[];

/** A cell by place: 1-based record, header name; a row without a column means all its cells. */
export interface Cell {
  readonly row: number;
  readonly column: string | null;
  readonly value?: string;
}

export interface RepairScore {
  readonly wrong: number;
  readonly written: number;
  readonly fixed: number;
  readonly misfixed: number;
  /** Clean cells made wrong. */
  readonly corrupted: number;
  readonly quarantinedWrong: number;
  readonly quarantinedClean: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface RepairCase {
  readonly dirty: Records;
  readonly clean: Records;
  readonly changes: readonly Cell[];
  readonly quarantine: readonly Cell[];
}

export type Mode = "strict" | "typed";

export function scoreRepair(repair: RepairCase, mode: Mode): RepairScore {
  const { dirty, clean } = repair;
  if (dirty.length !== clean.length) {
    throw new Error(`dirty has ${dirty.length} records, clean ${clean.length}`);
  }
  const same = mode === "strict" ? plain : typed;
  const header = dirty[0] ?? [];
  const place = new Map(header.map((name, i) => [name, i]));
  const key = (row: number, column: number) => row * header.length + column;
  const written = new Map<number, string>();
  for (const { row, column, value } of repair.changes) {
    written.set(key(row, placeOf(place, column)), value ?? "");
  }
  const aside = new Set<number>();
  for (const { row, column } of repair.quarantine) {
    const columns = column === null ? header.map((_, i) => i) : [placeOf(place, column)];
    for (const i of columns) aside.add(key(row, i));
  }

  const n = {
    wrong: 0,
    written: 0,
    fixed: 0,
    misfixed: 0,
    corrupted: 0,
    quarantinedWrong: 0,
    quarantinedClean: 0,
  };
  for (let row = 1; row < dirty.length; row++) {
    for (let i = 0; i < header.length; i++) {
      const before = same(dirty[row]?.[i] ?? "");
      const truth = same(clean[row]?.[i] ?? "");
      const isWrong = before !== truth;
      const after = same(written.get(key(row, i)) ?? dirty[row]?.[i] ?? "");
      if (isWrong) n.wrong++;
      if (after !== before) {
        n.written++;
        if (!isWrong) n.corrupted++;
        else if (after === truth) n.fixed++;
        else n.misfixed++;
      } else if (aside.has(key(row, i))) {
        if (isWrong) n.quarantinedWrong++;
        else n.quarantinedClean++;
      }
    }
  }
  const precision = n.written ? n.fixed / n.written : 1;
  const recall = n.wrong ? n.fixed / n.wrong : 1;
  const f1 = precision + recall ? (2 * precision * recall) / (precision + recall) : 0;
  return { ...n, precision, recall, f1 };
}

function placeOf(place: ReadonlyMap<string, number>, column: string | null): number {
  const found = place.get(column ?? "");
  if (found === undefined) throw new Error(`no such column: ${column}`);
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00A0",
};

function plain(value: string): string {
  const unescaped = value.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith("#")) return ENTITIES[entity] ?? whole;
    const hex = /^#x/i.test(entity);
    return String.fromCodePoint(parseInt(entity.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
  return unescaped.replaceAll(/[\t\n ]+/g, " ").trim();
}

const NULLS = new Set(["", "na", "n/a", "null", "none", "nan", "-", "nil"]);

function typed(value: string): string {
  const text = plain(value);
  if (NULLS.has(text.toLowerCase())) return "";
  const digits = text.replaceAll(/(?<=\d),(?=\d{3}(\D|$))/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(digits) ? String(Number(digits)) : text;
}

/** RFC 4180 text as records. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let quoted = false;
  const endRecord = () => {
    record.push(cell);
    if (record.length > 1 || cell !== "") records.push(record);
    record = [];
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') cell += text[i++];
    else if (c === '"' && (quoted || cell === "")) quoted = !quoted;
    else if (quoted || !(c === "," || c === "\n" || c === "\r")) cell += c;
    else if (c === ",") {
      record.push(cell);
      cell = "";
    } else {
      if (c === "\r" && text[i + 1] === "\n") i++;
      endRecord();
    }
  }
  if (cell !== "" || record.length > 0) endRecord();
  return records;
}
