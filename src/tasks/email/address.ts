/** Mail addresses: one addr-spec each, checked here and by nobody else's reading of them. */
import { domainToASCII } from "node:url";
import { WranglerError } from "../../core/index.ts";

export interface MailAddress {
  /** As people read it; may be empty. */
  readonly name: string;
  /** `local@domain` in ASCII, its domain in small letters. */
  readonly address: string;
}

/** Control and formatting signs, line and paragraph ends, halves of surrogate pairs. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** RFC 5321, 4.5.3.1. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
/** An address with the name before it. */
const MAX_TEXT = 500;

const NAMED = /^(?:"([^"\\<>]*)" *|([^"\\<>()[\]:;,@]*))<([^<>]*)>$/;
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** What may stand in a domain before it is brought to ASCII. */
const WIDE_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** A last label that begins with a letter is no number, and so no IP address in disguise. */
const LAST_LABEL = /^[a-z]/;

const EXPECTED = "expected one address such as ann@example.com or Ann Example <ann@example.com>";

/**
 * Read one address, alone or as `Name <address>`. Lists, groups, comments, quoted local parts,
 * address literals and everything that could end a line are refused.
 *
 * @throws {WranglerError} EMAIL_INVALID with what was expected and what came.
 */
export function parseAddress(text: string): MailAddress {
  const read = readAddress(text);
  if (typeof read !== "string") return read;
  throw new WranglerError("EMAIL_INVALID", `${JSON.stringify(text.slice(0, MAX_TEXT))}: ${read}.`);
}

/** What is wrong with an address; undefined when nothing is. */
export function flawOfAddress(text: string): string | undefined {
  const read = readAddress(text);
  return typeof read === "string" ? read : undefined;
}

/** The part after the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** Whether a domain is listed: as itself, or below one that is listed as `*.example.com`. */
export function isAllowed(domain: string, allowed: readonly string[]): boolean {
  return allowed
    .map((one) => one.toLowerCase())
    .some((one) => (one.startsWith("*.") ? domain.endsWith(one.slice(1)) : domain === one));
}

/** A text says what is wrong. */
function readAddress(text: string): MailAddress | string {
  if (text.length > MAX_TEXT) return `expected at most ${MAX_TEXT} characters`;
  if (UNPRINTABLE.test(text)) return "expected no line ends, control or formatting signs";
  const [, quoted, plain, inner] = NAMED.exec(text) ?? [];
  const name = (quoted ?? plain ?? "").trim();
  const spec = inner ?? text;
  const at = spec.lastIndexOf("@");
  const local = spec.slice(0, at);
  if (at < 1 || !LOCAL.test(local) || local.length > MAX_LOCAL) return EXPECTED;
  const domain = asciiDomain(spec.slice(at + 1));
  return domain === undefined ? EXPECTED : { name, address: `${local}@${domain}` };
}

function asciiDomain(domain: string): string | undefined {
  if (!WIDE_DOMAIN.test(domain)) return undefined;
  const isPlain = /^[\w.-]+$/.test(domain);
  const ascii = isPlain ? domain.toLowerCase() : domainToASCII(domain);
  const labels = ascii.split(".");
  const isDomain = labels.every((label) => LABEL.test(label)) && ascii.length <= MAX_DOMAIN;
  return isDomain && LAST_LABEL.test(labels.at(-1) ?? "") ? ascii : undefined;
}
