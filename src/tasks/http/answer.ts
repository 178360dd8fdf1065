import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { WranglerError } from "../../core/index.ts";
import type { HttpAnswer } from "./messages.ts";
import { shownUrl } from "./shown-url.ts";

/** An answer around what undici gave. */
export function answerOf(
  url: URL,
  status: number,
  given: IncomingHttpHeaders,
  body: Readable,
  signal: AbortSignal,
): HttpAnswer {
  // It may break off before anyone reads it; who reads it then is told so.
  body.on("error", () => {});
  return {
    status,
    headers: plainHeaders(given),
    url,
    body,
    text: (maxBytes) => textOf(body, maxBytes, url, signal),
    discard: () => void body.destroy(),
  };
}

function plainHeaders(given: IncomingHttpHeaders): Record<string, string> {
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, value]) => [name, [value].flat().join(", ")]));
}

async function textOf(
  body: Readable,
  maxBytes: number,
  url: URL,
  signal: AbortSignal,
): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    // Leaving the loop destroys the stream, and so lets the rest go.
    for await (const piece of body) {
      pieces.push(Buffer.from(piece));
      bytes += pieces.at(-1)?.length ?? 0;
      if (bytes >= maxBytes) break;
    }
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `The answer of ${shownUrl(url)} broke off: ${why}`;
    throw new WranglerError("NETWORK_FAILED", reason, {}, { cause });
  }
  return Buffer.concat(pieces).subarray(0, maxBytes).toString("utf8");
}
