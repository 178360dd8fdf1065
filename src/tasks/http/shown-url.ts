import { masked } from "../../core/index.ts";

/** A URL for messages, logs and results: without a user, a query or a fragment, which may hold secrets. */
export function shownUrl(url: string | URL): string {
  const { origin, pathname, search } = new URL(url);
  return masked(`${origin}${pathname}${search === "" ? "" : "?…"}`);
}
