import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { durationMs, errorClassOf, masked, WranglerError } from "../../core/index.ts";
import { guardedClient, type HttpAnswer, shownUrl, withDeadline } from "../http/index.ts";
import type { NotifyOptions } from "./notify-options.ts";
import { signature } from "./signature.ts";

/** What a receiver answered. A type, since an interface is no Json. */
export type Receipt = {
  status: number;
  /** The beginning of what it said. */
  answer: string;
  /** That it tells repetitions by. */
  key: string;
};

export interface Post {
  readonly options: NotifyOptions;
  /** JSON. */
  readonly body: string;
  readonly key: string;
  readonly configFolder: string;
  readonly signal: AbortSignal;
}

/** Of an answer, for results and messages. */
const MAX_ANSWER = 2_000;

/** Statuses below 500 after which it may go better later: too slow, too early, too often. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Post a notification.
 *
 * @param told - Called when an answer has come: it is known what became of the notification.
 * @throws {WranglerError} NOTIFY_FAILED, with the wait that was asked for; NOTIFY_REFUSED;
 *   ADDRESS_REFUSED; what the signal aborts with
 */
export async function post(given: Post, told: () => void): Promise<Receipt> {
  const { options, key, signal } = given;
  const client = await guardedClient({
    allowPrivate: options.allowPrivate,
    maxRedirects: 0,
    ...(options.ca === undefined ? {} : { ca: await trusted(options.ca, given.configFolder) }),
  });
  const timeoutMs = durationMs(options.answerWithin);
  const what = `The answer of ${shownUrl(options.url)}`;
  try {
    return await withDeadline(signal, timeoutMs, what, async (inTime) => {
      const { url, headers } = options;
      const answer = await client.request({
        url,
        method: "POST",
        headers: { ...headers, ...headersOf(given) },
        body: given.body,
        signal: inTime,
      });
      told();
      const said = await beginningOf(answer);
      checkStatus(answer, said, options);
      return { status: answer.status, answer: said, key };
    });
  } catch (error) {
    signal.throwIfAborted();
    throw failed(error, options.url);
  } finally {
    await client.close();
  }
}

function headersOf({ options, body, key }: Post): Record<string, string> {
  const { secret, event } = options;
  const signed = secret === undefined ? undefined : signature(secret, body, Date.now());
  return {
    "content-type": "application/json",
    "idempotency-key": key,
    "x-data-wrangler-event": event,
    ...(signed === undefined ? {} : { "x-data-wrangler-signature": signed }),
  };
}

/** The status has said what counts: an answer that breaks off is as good as one without words. */
async function beginningOf(answer: HttpAnswer): Promise<string> {
  // More than is kept, so that no half of a secret stays at its end.
  const said = await answer.text(2 * MAX_ANSWER).catch(() => "");
  return masked(said).slice(0, MAX_ANSWER);
}

function checkStatus(
  { status, headers }: HttpAnswer,
  said: string,
  { url, expectStatus }: NotifyOptions,
): void {
  const isGood = expectStatus ? expectStatus.includes(status) : status >= 200 && status < 300;
  if (isGood) return;
  const expected = expectStatus?.join(" or ") ?? "200 to 299";
  const reason = `${shownUrl(url)} answered ${status}, expected ${expected}.${said === "" ? "" : `\n${said}`}`;
  const isForNow = status >= 500 || LATER.has(status);
  const retryAfter = headers["retry-after"];
  throw new WranglerError(isForNow ? "NOTIFY_FAILED" : "NOTIFY_REFUSED", reason, {
    status,
    ...(isForNow && retryAfter !== undefined ? { retryAfter } : {}),
  });
}

/** Trouble on the way, as ours; what is ours already, and mistakes, as they are. */
function failed(error: unknown, url: string): unknown {
  const kind = errorClassOf(error);
  const isOwn = error instanceof WranglerError && error.code !== "NETWORK_FAILED";
  if (isOwn || (kind !== "NetworkError" && kind !== "TimeoutError")) return error;
  const why = error instanceof Error ? error.message : String(error);
  const reason = masked(`${shownUrl(url)}: ${why}`);
  return new WranglerError("NOTIFY_FAILED", reason, {}, { cause: error });
}

async function trusted(ca: string, folder: string): Promise<string> {
  const path = resolve(folder, ca);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `ca: expected a file with certificates: ${why}.`;
    throw new WranglerError("CONFIG_INVALID", reason, { path }, { cause });
  }
}
