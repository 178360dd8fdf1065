import { z } from "zod";
import { Json, Size } from "../../core/index.ts";
import { flawOfAddress, UNPRINTABLE } from "./address.ts";
import { MailServer } from "./mail-server.ts";

const Address = z.string().superRefine((text, context) => {
  const flaw = flawOfAddress(text);
  if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: text });
});

const Addresses = z.union([Address, z.array(Address)]).default([]);

const Domain = z
  .string()
  .regex(
    /^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/,
    "expected a domain such as example.com or *.example.com",
  );

/** RFC 6648 or not: names that no mail program gives a meaning of its own. */
const HeaderName = z
  .string()
  .regex(/^X-[A-Za-z0-9-]{1,70}$/i, "expected a header of your own, such as X-Team");
const HeaderValue = z
  .string()
  .max(900)
  .refine((value) => !UNPRINTABLE.test(value), {
    message: "expected one line without control signs",
  });

const Names = z.union([z.string().min(1), z.array(z.string().min(1))]);

export const EmailOptions = z
  .strictObject({
    server: MailServer.describe("The mail server that takes the message."),
    from: Address.describe("Sender: `ann@example.com` or `Ann Example <ann@example.com>`."),
    to: Addresses.describe("Receivers, one address or a list of them."),
    cc: Addresses.describe("Receivers of a copy."),
    bcc: Addresses.describe("Receivers of a copy whom the others do not see."),
    replyTo: Address.optional().describe("Where answers go, if not to the sender."),
    subject: z
      .string()
      .min(1)
      .optional()
      .describe("Subject, a Liquid template; workflow, account and date when left out."),
    text: z
      .string()
      .optional()
      .describe(
        "Body as plain text, a Liquid template. Without any body the mail lists the entries of `with`.",
      ),
    html: z
      .string()
      .optional()
      .describe("Body as HTML, a Liquid template; what is put in by `{{ … }}` is escaped."),
    textFile: z
      .string()
      .min(1)
      .optional()
      .describe("File with the template of `text`, relative to the configuration file."),
    htmlFile: z
      .string()
      .min(1)
      .optional()
      .describe("File with the template of `html`, relative to the configuration file."),
    with: z
      .record(z.string(), Json)
      .default({})
      .describe("What templates know as `with.NAME`, usually results and statuses of tasks."),
    attach: Names.default([]).describe(
      "Files to attach: paths and glob patterns, also with parts of the date such as `{yyyyMMdd}`, relative to the configuration file.",
    ),
    maxAttachments: Size.default("20MB").describe("Largest size of all attachments together."),
    tooLarge: z
      .enum(["fail", "link"])
      .default("fail")
      .describe(
        "When attachments are larger than that: `fail`, or `link`: send the mail with their paths in place of them.",
      ),
    skipWhenEmpty: z
      .boolean()
      .default(false)
      .describe("Send nothing, and complete, when `attach` finds no file."),
    allowDomains: z
      .array(Domain)
      .min(1)
      .optional()
      .describe(
        "Domains that mail may go to, such as `example.com` or `*.example.com`; any when left out.",
      ),
    partial: z
      .enum(["fail", "accept"])
      .default("fail")
      .describe(
        "When the server refuses some of the receivers: `fail` and send to nobody, or `accept`: send to the others.",
      ),
    priority: z.enum(["high", "normal", "low"]).optional().describe("Importance of the mail."),
    headers: z
      .record(HeaderName, HeaderValue)
      .default({})
      .describe("Headers of your own, by names that begin with `X-`."),
    dsn: z
      .strictObject({
        notify: z
          .array(z.enum(["success", "failure", "delay", "never"]))
          .min(1)
          .describe("On what to be told, to the sender's address; `never` stands alone."),
        return: z
          .enum(["headers", "full"])
          .default("headers")
          .describe("How much of the mail such a report holds."),
      })
      .refine(({ notify }) => notify.length === 1 || !notify.includes("never"), {
        message: "expected `never` to stand alone",
        path: ["notify"],
      })
      .optional()
      .describe("Delivery reports to ask for, where the server can do that."),
  })
  .superRefine(({ to, cc, bcc, text, textFile, html, htmlFile }, context) => {
    if ([to, cc, bcc].flat().length === 0) {
      const message = "expected at least one receiver in `to`, `cc` or `bcc`";
      context.addIssue({ code: "custom", message, path: ["to"], input: to });
    }
    const both = [
      ["textFile", text, textFile],
      ["htmlFile", html, htmlFile],
    ] as const;
    for (const [path, given, file] of both) {
      if (given === undefined || file === undefined) continue;
      const message = `expected \`${path.slice(0, 4)}\` or \`${path}\`, not both`;
      context.addIssue({ code: "custom", message, path: [path], input: file });
    }
  });
export type EmailOptions = z.infer<typeof EmailOptions>;
