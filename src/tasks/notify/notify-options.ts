import { z } from "zod";
import { Duration, Json } from "../../core/index.ts";
import { addressFlaw } from "../http/index.ts";

/** Headers that are ours or the connection's. */
const RESERVED =
  /^(connection|content-length|content-type|expect|host|idempotency-key|keep-alive|te|trailer|transfer-encoding|upgrade|x-data-wrangler-.*)$/i;

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "expected the name of a header")
  .refine((name) => !RESERVED.test(name), { message: "expected a header that is not set by us" });
const HeaderValue = z
  .string()
  .regex(/^[\x20-\x7E\t]*$/, "expected one line of ASCII without control signs");

const Address = z.string().superRefine((entry, context) => {
  const flaw = addressFlaw(entry);
  if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: entry });
});

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

export const NotifyOptions = z.strictObject({
  url: z
    .string()
    .refine(isWebAddress, {
      message: "expected an http or https address without a user and a password",
    })
    .describe("Address that the notification is posted to. Redirects are not followed."),
  event: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]{1,100}$/, "expected a name such as day.done")
    .default("task.notify")
    .describe("What the notification is about, in header `X-Data-Wrangler-Event`."),
  body: Json.optional().describe(
    "What is posted, as JSON; event, run, account, workflow, task and time of the run when left out.",
  ),
  secret: z
    .string()
    .min(8)
    .optional()
    .describe(
      "Key of the signature in header `X-Data-Wrangler-Signature`, as `${secrets.NAME}`; none is sent when left out.",
    ),
  headers: z
    .record(HeaderName, HeaderValue)
    .default({})
    .describe("Further headers by name, such as `Authorization`."),
  expectStatus: z
    .array(z.int().min(100).max(599))
    .min(1)
    .optional()
    .describe("Statuses that mean success; 200 to 299 when left out."),
  idempotent: z
    .boolean()
    .default(true)
    .describe(
      "Whether the receiver tells repetitions by `Idempotency-Key`. If so a notification whose answer was lost is sent again; else it is uncertain.",
    ),
  answerWithin: Duration.default("30s").describe("How long the receiver may take to answer."),
  allowPrivate: z
    .array(Address)
    .default([])
    .describe("Hosts and networks that may be reached although they are private."),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PEM file with certificates that are trusted in place of the usual ones, relative to the configuration file.",
    ),
});
export type NotifyOptions = z.infer<typeof NotifyOptions>;
