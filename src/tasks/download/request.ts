/** The request that a source of the configuration stands for. */
import {
  fillTemplate,
  flawOfTemplate,
  type Json,
  type TemplateTime,
  WranglerError,
} from "../../core/index.ts";
import type { UrlSource } from "./source-options.ts";

export interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * With the parts of the time filled in.
 *
 * @throws {WranglerError} CONFIG_INVALID when a template or the address that comes of it is wrong. The
 *   message does not show them: what was put into them may be a secret.
 */
export function requestOf(source: UrlSource, time: TemplateTime): Asked {
  const fill = (text: string, at: string) => filled(text, time, at);
  const { method, headers = {}, query = {} } = source;
  const text = fill(source.url, "url");
  if (!URL.canParse(text)) throw invalid("url", "with its times filled in it is no address");
  const url = new URL(text);
  for (const [name, value] of Object.entries(query)) {
    url.searchParams.append(name, fill(String(value), `query.${name}`));
  }
  // It would never be sent, but stand in fingerprints.
  url.hash = "";
  const content = contentOf(source, fill);
  return {
    url,
    method: method ?? (content ? "POST" : "GET"),
    headers: { ...(content ? { "content-type": content.type } : {}), ...lowered(headers) },
    ...(content ? { body: content.body } : {}),
  };
}

type Fill = (text: string, at: string) => string;

function contentOf({ body, form }: UrlSource, fill: Fill) {
  if (form !== undefined) {
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(form)) {
      fields.append(name, fill(value, `form.${name}`));
    }
    return { type: "application/x-www-form-urlencoded", body: fields.toString() };
  }
  if (body === undefined) return undefined;
  if (typeof body === "string") return { type: "text/plain; charset=utf-8", body };
  return { type: "application/json", body: JSON.stringify(filledJson(body, fill, "body")) };
}

function filledJson(value: Json, fill: Fill, at: string): Json {
  if (typeof value === "string") return fill(value, at);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => filledJson(item, fill, `${at}[${i}]`));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filledJson(item, fill, `${at}.${key}`)]),
  );
}

/** A template of times, filled; CONFIG_INVALID, without its text, when it is none. */
export function filled(text: string, time: TemplateTime, at: string): string {
  if (flawOfTemplate(text) === undefined) return fillTemplate(text, time);
  throw invalid(at, "expected parts of a time such as {yyyyMMdd}; a literal { is written {{");
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function invalid(at: string, flaw: string): WranglerError {
  return new WranglerError("CONFIG_INVALID", `${at} of a download: ${flaw}.`, { at });
}
