import { createHmac } from "node:crypto";

/**
 * Value of header `X-Data-Wrangler-Signature`: `t=SECONDS,v1=HEX`, an HMAC-SHA256 of `SECONDS.BODY`.
 * The time is signed with it, so that a receiver can turn away what was recorded and sent again.
 *
 * @param atMs - Epoch milliseconds.
 */
export function signature(secret: string, body: string, atMs: number): string {
  const seconds = Math.floor(atMs / 1_000);
  const hmac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${hmac}`;
}
