/** Redirects: where an answer sends a request, and what of the request goes along. */
import { WranglerError } from "../../core/index.ts";
import { shownUrl } from "./shown-url.ts";

/** A request on its way, as far as a redirect may change it. Header names are in small letters. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

export interface RedirectRules {
  /** Whether to go on from https to http. */
  readonly allowDowngrade: boolean;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Headers that say what is wanted, not who wants it. */
const IMPERSONAL: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "range",
  "user-agent",
]);

/** Headers that describe a body, which go with it. */
const OF_BODY: ReadonlySet<string> = new Set([
  "content-type",
  "content-encoding",
  "content-language",
]);

/**
 * The request that a redirect asks for; undefined when the answer is no redirect.
 *
 * @throws {WranglerError} REDIRECT_REFUSED when it leads to another kind of address, to one that is
 *   not encrypted, or would carry a body to another origin; NETWORK_FAILED when it leads nowhere
 */
export function nextHop(
  hop: Hop,
  status: number,
  location: string | undefined,
  { allowDowngrade }: RedirectRules,
): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const url = target(hop.url, location);
  const from = shownUrl(hop.url);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw refused(
      `${from} leads to an address of the kind ${url.protocol}; http or https is expected.`,
    );
  }
  const to = shownUrl(url);
  if (hop.url.protocol === "https:" && url.protocol === "http:" && !allowDowngrade) {
    throw refused(`${from} leads to ${to}, which is not encrypted.`);
  }
  const isSame = url.origin === hop.url.origin;
  const method = methodAfter(hop.method, status);
  const keepsBody = hop.body !== undefined && method === hop.method;
  if (keepsBody && !isSame) {
    throw refused(`${from} leads to ${to}, and what is sent would go to another origin.`);
  }
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (keepsBody || !OF_BODY.has(name)) && (isSame || IMPERSONAL.has(name)),
  );
  return {
    url,
    method,
    headers: Object.fromEntries(headers),
    body: keepsBody ? hop.body : undefined,
  };
}

/** As browsers do: after a 303, and after a POST with 301 or 302, it is a GET that follows. */
function methodAfter(method: string, status: number): string {
  if (method === "HEAD") return method;
  if (status === 303) return "GET";
  return (status === 301 || status === 302) && method === "POST" ? "GET" : method;
}

/** @param given - Its bytes, one character each. Standards want ASCII, servers send UTF-8. */
function target(from: URL, given: string): URL {
  const location = new TextDecoder().decode(Buffer.from(given, "latin1"));
  if (!URL.canParse(location, from.href)) {
    const reason = `${shownUrl(from)} redirects to something that is no address.`;
    throw new WranglerError("NETWORK_FAILED", reason);
  }
  const url = new URL(location, from);
  // A server has no business giving us a name and a password.
  url.username = "";
  url.password = "";
  return url;
}

function refused(reason: string): WranglerError {
  return new WranglerError("REDIRECT_REFUSED", reason);
}
