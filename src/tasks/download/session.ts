/** Requests of one identity: who asks, and the cookies that came of it. */
import { type HttpAnswer, type HttpClient, type HttpRequest, shownUrl } from "../http/index.ts";
import { judge } from "./answers.ts";
import type { Auth } from "./auth-options.ts";
import { cookieKeeper } from "./cookies.ts";
import { WranglerError } from "../../core/index.ts";

export interface Session {
  /** A request that shows who asks; logs in before the first one. */
  request(request: Omit<HttpRequest, "cookies">): Promise<HttpAnswer>;
}

/** Most that is read of the page after a login. */
const MAX_PAGE_BYTES = 1_000_000;

/**
 * @param signal - Ends a login, which several requests may wait for.
 */
export function sessionOf(
  client: HttpClient,
  auth: Auth | undefined,
  signal: AbortSignal,
): Session {
  const cookies = cookieKeeper();
  const own = headersOf(auth);
  let login: Promise<void> | undefined;
  return {
    async request(request) {
      if (auth?.login) await (login ??= loggedIn(auth.login));
      return client.request({ ...request, headers: { ...request.headers, ...own }, cookies });
    },
  };

  async function loggedIn(form: NonNullable<Auth["login"]>): Promise<void> {
    const answer = await client.request({
      url: form.url,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form.fields).toString(),
      cookies,
      signal,
      // A form that answers with a redirect says by it that the login worked: it is the answer.
      ...(isRedirect(form.success.status) ? { maxRedirects: 0 } : {}),
    });
    try {
      await checkLogin(form, answer);
    } finally {
      answer.discard();
    }
  }
}

function isRedirect(status = 0): boolean {
  return status >= 300 && status < 400;
}

function headersOf(auth: Auth | undefined): Record<string, string> {
  if (auth?.basic) {
    const { user, password } = auth.basic;
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  }
  if (auth?.bearer) return { authorization: `Bearer ${auth.bearer.token}` };
  return auth?.header ? { [auth.header.name.toLowerCase()]: auth.header.value } : {};
}

async function checkLogin(
  { url, success }: NonNullable<Auth["login"]>,
  answer: HttpAnswer,
): Promise<void> {
  const what = `Login at ${shownUrl(url)}`;
  const { status, contains } = success;
  const good = status === undefined ? [200, 201, 202, 203, 204] : [status];
  judge(answer, good, what);
  if (contains === undefined) return;
  const page = await answer.text(MAX_PAGE_BYTES);
  if (page.includes(contains)) return;
  const reason = `${what}: the page after it does not have the text that success.contains names.`;
  throw new WranglerError("DOWNLOAD_REFUSED", reason);
}
