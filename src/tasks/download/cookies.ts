import type { CookieJar } from "tough-cookie";
import type { CookieKeeper } from "../http/index.ts";

/**
 * Cookies as a browser keeps them: sent to the host, or to the domain, that they were set for. Unlike
 * there, each port and each of http and https has cookies of its own, so that none goes from one
 * service of a machine to another.
 */
export function cookieKeeper(): CookieKeeper {
  const jars = new Map<string, CookieJar>();
  const jarOf = async ({ protocol, port }: URL): Promise<CookieJar> => {
    const service = `${protocol}${port}`;
    const known = jars.get(service);
    if (known) return known;
    const tough = await import("tough-cookie");
    const jar = jars.get(service) ?? new tough.CookieJar();
    jars.set(service, jar);
    return jar;
  };
  return {
    async header(url) {
      if (jars.size === 0) return undefined;
      const jar = await jarOf(url);
      const cookies = await jar.getCookieString(url.href);
      return cookies === "" ? undefined : cookies;
    },
    async keep(url, cookies) {
      if (cookies.length === 0) return;
      const jar = await jarOf(url);
      // What a server must not set, such as a cookie of another domain, is left out, as browsers do.
      for (const cookie of cookies) await jar.setCookie(cookie, url.href, { ignoreError: true });
    },
  };
}
