/** What comma, dot, space and apostrophe mean between the digits of a column. */
import type { Separators } from "./numeral.ts";

/** The digits of a number as written, and how many cells hold them. */
export interface Body {
  readonly body: string;
  readonly count: number;
}

/** Cells whose shape says what a separator means, for one separator. */
interface Votes {
  /** Groups of three that can be nothing else: two or more of them, or the other mark behind. */
  thousands: number;
  /** Not three digits behind it, or a zero or four digits before it. */
  decimal: number;
  /** `1,234`: either. */
  either: number;
}

const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+$/;

function votesFor(separator: "," | ".", bodies: readonly Body[]): Votes {
  const other = separator === "," ? "." : ",";
  const votes: Votes = { thousands: 0, decimal: 0, either: 0 };
  for (const { body, count } of bodies) {
    if (!body.includes(separator)) continue;
    // The same question for both separators: read it as a comma.
    const parts = body.split(other);
    const whole = (parts[0] ?? "").replaceAll(separator, ",");
    const last = (parts.at(-1) ?? "").replaceAll(separator, ",");
    if (parts.length === 2 && GROUPED.test(whole) && /^\d+$/.test(last)) votes.thousands += count;
    else if (parts.length > 1 && /^\d*,\d+$/.test(last)) votes.decimal += count;
    else if (parts.length > 1) continue;
    else if (GROUPED.test(whole))
      votes[whole.split(",").length > 2 ? "thousands" : "either"] += count;
    else if (/^\d*,\d+$/.test(whole)) votes.decimal += count;
  }
  return votes;
}

/** Whole numbers without a separator: are they all too short to need one? */
function shortWholesOnly(bodies: readonly Body[]): boolean {
  let short = 0;
  let long = 0;
  for (const { body, count } of bodies) {
    if (/^\d{1,3}$/.test(body)) short += count;
    else if (/^\d{4,}$/.test(body)) long += count;
  }
  return short > 0 && long <= short * 0.05;
}

type Role = "thousands" | "decimal" | "unclear" | undefined;

function roleOf(votes: Votes): Role {
  if (votes.thousands > 0 && votes.decimal > 0) return "unclear";
  if (votes.thousands > 0) return "thousands";
  if (votes.decimal > 0) return "decimal";
  return votes.either > 0 ? "unclear" : undefined;
}

/**
 * The separators that a whole column follows, or undefined where its cells contradict each other or
 * say too little: `1,234` alone may be a thousand or a little more than one.
 */
export function columnSeparators(bodies: readonly Body[]): Separators | undefined {
  const commas = votesFor(",", bodies);
  const dots = votesFor(".", bodies);
  const comma = roleOf(commas);
  const dot = roleOf(dots);
  const plain = plainSeparators(bodies);
  if (comma === undefined && dot === undefined) return plain ?? { decimal: "." };
  if (comma === undefined) {
    if (dot === "thousands") return { decimal: ",", thousands: "." };
    // A dot is a decimal point unless a column shows otherwise.
    return commasIn(dots) ? undefined : { decimal: ".", ...plain };
  }
  if (comma === "decimal") {
    if (dot === "decimal") return undefined;
    return { decimal: ",", ...(dot === undefined ? {} : { thousands: "." as const }) };
  }
  if (comma === "thousands")
    return dot === "thousands" ? undefined : { decimal: ".", thousands: "," };
  const onlyEither = commas.thousands + commas.decimal === 0;
  const settled =
    onlyEither && (dot === "decimal" || (dot === undefined && shortWholesOnly(bodies)));
  return settled ? { decimal: ".", thousands: "," } : undefined;
}

function commasIn(votes: Votes): boolean {
  return votes.thousands > 0 && votes.decimal > 0;
}

/** Space or apostrophe between groups of three; never where all numbers are equally long, as phone numbers are. */
function plainSeparators(bodies: readonly Body[]): Separators | undefined {
  for (const thousands of [" ", "'"] as const) {
    const grouped = bodies.filter(({ body }) => body.includes(thousands));
    if (grouped.length < 2) continue;
    const shape = new RegExp(`^[1-9]\\d{0,2}(?:${thousands}\\d{3})+(?:[.,]\\d+)?$`);
    if (!grouped.every(({ body }) => shape.test(body))) return undefined;
    const lengths = new Set(grouped.map(({ body }) => body.replace(/[.,].*/, "").length));
    if (lengths.size > 1 && shortWholesOnly(bodies)) return { decimal: ".", thousands };
  }
  return undefined;
}
