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

/** More decimal commas than this share of the points are no strays. */
const STRAY = 0.25;

const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+$/;
const FRACTION = /^\d*,\d+$/;

/** What the shape of a number says of one separator in it; undefined when it says nothing. */
function shapeOf(body: string, separator: "," | "."): keyof Votes | undefined {
  if (!body.includes(separator)) return undefined;
  // The same question for both separators: read it as a comma.
  const parts = body
    .split(separator === "," ? "." : ",")
    .map((part) => part.replaceAll(separator, ","));
  const [first = ""] = parts;
  return parts.length > 1 ? besideOther(first, parts.at(-1) ?? "", parts.length) : alone(first);
}

function besideOther(first: string, last: string, parts: number): keyof Votes | undefined {
  if (parts === 2 && GROUPED.test(first) && /^\d+$/.test(last)) return "thousands";
  return FRACTION.test(last) ? "decimal" : undefined;
}

function alone(body: string): keyof Votes | undefined {
  if (GROUPED.test(body)) return body.split(",").length > 2 ? "thousands" : "either";
  return FRACTION.test(body) ? "decimal" : undefined;
}

function votesFor(separator: "," | ".", bodies: readonly Body[]): Votes {
  const votes: Votes = { thousands: 0, decimal: 0, either: 0 };
  for (const { body, count } of bodies) {
    const shape = shapeOf(body, separator);
    if (shape) votes[shape] += count;
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
  const comma = roleOf(votesFor(",", bodies));
  const dots = votesFor(".", bodies);
  const dot = roleOf(dots);
  if (comma === undefined) return withoutCommas(dots, dot, bodies);
  if (comma === "decimal") {
    if (dot === "decimal") return undefined;
    return { decimal: ",", ...(dot === undefined ? {} : { thousands: "." as const }) };
  }
  const settled =
    comma === "thousands"
      ? dot !== "thousands"
      : onlyEither(votesFor(",", bodies)) &&
        (dot === "decimal" || (dot === undefined && shortWholesOnly(bodies)));
  return settled ? { decimal: ".", thousands: "," } : undefined;
}

/** A dot is a decimal point unless a column shows otherwise. */
function withoutCommas(dots: Votes, dot: Role, bodies: readonly Body[]): Separators | undefined {
  if (dot === "thousands") return { decimal: ",", thousands: "." };
  if (dots.thousands > 0) return undefined;
  return plainSeparators(bodies) ?? { decimal: "." };
}

function onlyEither({ thousands, decimal }: Votes): boolean {
  return thousands + decimal === 0;
}

/** A few decimal commas among decimal points, each told by its shape. */
export function strayCommas(bodies: readonly Body[]): boolean {
  const commas = votesFor(",", bodies);
  const dots = votesFor(".", bodies);
  const sure = commas.thousands + commas.either + dots.thousands === 0;
  return sure && commas.decimal > 0 && commas.decimal <= STRAY * dots.decimal;
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
