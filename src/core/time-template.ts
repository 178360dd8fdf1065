/** Texts with parts of a time in them: `wifi_{yyyyMMdd}.csv`, `{ddMMM}/`. */
import { WranglerError } from "./errors.ts";

/** What a template is filled with. */
export interface TemplateTime {
  /** ISO 8601 or milliseconds since the epoch. */
  readonly at: string | number;
  /** IANA name of the zone that the parts are told in. */
  readonly timeZone: string;
}

/** `{{` (a literal `{`), `}}` (a literal `}`), `{…}`. */
const MARK = /\{\{|\}\}|\{([^{}]*)\}/g;
/** What stands in braces: parts and separators, and days to add: `{yyyy-MM-dd}`, `{ddMMM-1d}`. */
const FORM = /^((?:yyyy|yy|MMM|MM|dd|EEE|HH|mm|ss|[-_. ])+?)(?:([+-]\d{1,4})d)?$/;
const PART = /yyyy|yy|MMM|MM|dd|EEE|HH|mm|ss/g;
const DAY_MS = 86_400_000;

const EXPECTED =
  "expected parts such as {yyyy}, {yy}, {MM}, {MMM}, {dd}, {EEE}, {HH}, {mm}, {ss}, several as {yyyyMMdd}, days before as {yyyyMMdd-1d}; a literal { is written {{";

/** What is wrong with a template; undefined when nothing is. */
export function flawOfTemplate(template: string): string | undefined {
  for (const [whole, form] of template.matchAll(MARK)) {
    if (form !== undefined && !FORM.test(form)) return `${EXPECTED}; got ${whole}`;
  }
  const rest = template.replaceAll(MARK, "");
  return /[{}]/.test(rest) ? `${EXPECTED}; a brace is not closed` : undefined;
}

/**
 * A template with its parts filled in. Names of months and days are English and short (`Mar`, `Tue`),
 * whatever the machine speaks, so that a file is called the same everywhere.
 *
 * @throws {WranglerError} CONFIG_INVALID when it has parts that are not known.
 */
export function fillTemplate(template: string, { at, timeZone }: TemplateTime): string {
  const flaw = flawOfTemplate(template);
  if (flaw) throw new WranglerError("CONFIG_INVALID", `"${template}": ${flaw}.`, { template });
  const time = new Date(at).getTime();
  return template.replaceAll(MARK, (whole, form: string | undefined) => {
    if (form === undefined) return whole[0] ?? "";
    const [, parts = "", days = "0"] = FORM.exec(form) ?? [];
    const local = localParts(time, timeZone, Number(days));
    return parts.replaceAll(PART, (part) => local[part] ?? part);
  });
}

/** Days are added to the date on the calendar, so that a day of 23 or 25 hours counts as one. */
function localParts(time: number, timeZone: string, days: number): Record<string, string> {
  const { year, month, day, hour, minute, second } = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    })
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + days * DAY_MS);
  const [name = "", , short = ""] = date.toUTCString().split(/,? /);
  const [yyyy = "", MM = "", dd = ""] = date.toISOString().slice(0, 10).split("-");
  return {
    yyyy,
    yy: yyyy.slice(-2),
    MM,
    MMM: short,
    dd,
    EEE: name,
    HH: hour ?? "",
    mm: minute ?? "",
    ss: second ?? "",
  };
}
