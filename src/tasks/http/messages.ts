import type { Readable } from "node:stream";

/** Cookies of a session: those to send, and those to keep. */
export interface CookieKeeper {
  /** Value of the Cookie header for a URL; undefined when there is none to send. */
  header(url: URL): Promise<string | undefined>;
  keep(url: URL, cookies: readonly string[]): Promise<void>;
}

export interface HttpRequest {
  /** http or https. */
  readonly url: string | URL;
  /** GET when left out. */
  readonly method?: string;
  /**
   * By name, in any case. On the way to another origin only those are kept that describe what is
   * wanted (such as Accept and Range): all others may let in whoever has them.
   */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly cookies?: CookieKeeper;
  /** In place of what the client was made with. */
  readonly maxRedirects?: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** By name in small letters; values of several headers of a name, with ", " between them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** As it came, without its content coding undone. To be read to its end, or discarded. */
  readonly body: Readable;
  /**
   * The body as text.
   *
   * @param maxBytes - What is above is not read.
   * @throws {WranglerError} NETWORK_FAILED when it breaks off
   */
  text(maxBytes: number): Promise<string>;
  /** Let the body go unread. */
  discard(): void;
}
