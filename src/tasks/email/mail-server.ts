/** How a mail server is named in a configuration. */
import { z } from "zod";
import { Duration, Port } from "../../core/index.ts";

/** What `server` of an e-mail task takes. */
export const MailServer = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9_.:-]+$/, "expected a host name or an IP address")
      .describe("Name or address of the mail server."),
    port: Port.optional().describe(
      "Its port; 587 with `starttls`, 465 with `required`, 25 with `none` if left out.",
    ),
    tls: z
      .enum(["required", "starttls", "none"])
      .optional()
      .describe(
        "`starttls`: the connection is encrypted before anything else, or nothing is sent. `required`: it is encrypted from its first byte. `none`: it never is. If left out: `none` for a server on this machine, else `starttls`.",
      ),
    user: z.string().min(1).optional().describe("Name to log in with; goes with `password`."),
    password: z
      .string()
      .min(1)
      .optional()
      .describe("Password to log in with, as `${secrets.NAME}`."),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe(
        "PEM file with certificates that are trusted in place of the usual ones, relative to the configuration file.",
      ),
    timeout: Duration.default("60s").describe(
      "How long the server may take to connect, and to answer anything.",
    ),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    message: "expected `user` and `password`, or neither",
    path: ["password"],
  });
export type MailServer = z.infer<typeof MailServer>;

const PORTS = { required: 465, starttls: 587, none: 25 } as const;

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: keyof typeof PORTS;
}

/** Host, port and manner, with what is left out filled in. */
export function placeOf({ host, port, tls }: MailServer): ServerPlace {
  const isHere = /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
  const manner = tls ?? (isHere ? "none" : "starttls");
  return { host, port: port ?? PORTS[manner], tls: manner };
}
