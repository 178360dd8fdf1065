/** Where downloads come from: addresses, files of this machine, files of an SFTP server. */
import { z } from "zod";
import { Duration, Json, Port } from "../../core/index.ts";
import { addressFlawOf, Auth, HEADER_NAME, HeaderValue, keysOf } from "./auth-options.ts";
import { nameTemplate, refineTemplate, templateText } from "./template-text.ts";

/** Headers that belong to the connection or to what is sent. */
const OURS =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

const HeaderName = z
  .string()
  .regex(HEADER_NAME, "expected the name of a header")
  .refine((name) => !OURS.test(name), "expected a header that is not set by the connection itself");

/** An address with parts of the time in it. */
export function addressTemplate(): z.ZodString {
  return templateText().superRefine(refineAddress);
}

function refineAddress(text: string, context: z.RefinementCtx): void {
  const message = addressFlawOf(text);
  if (message !== undefined) context.addIssue({ code: "custom", message, input: text });
}

export const Sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, "expected a SHA-256 as 64 hexadecimal digits");

const Sftp = z
  .strictObject({
    host: z.string().min(1).describe("Host name or address."),
    port: Port.default(22).describe("Port."),
    user: z.string().min(1).describe("Name of the user."),
    password: z.string().min(1).optional().describe("Password."),
    privateKey: z.string().min(1).optional().describe("Private key, as the text of its file."),
    passphrase: z.string().min(1).optional().describe("Passphrase of the private key."),
    hostKey: z
      .string()
      .regex(/^(?:SHA256:)?[A-Za-z0-9+/]{43}=?$/, "expected a fingerprint such as SHA256:47DEQpj8…")
      .optional()
      .describe("Fingerprint of the server's key, as `ssh-keygen -lf` shows it: `SHA256:…`."),
    allowAnyHostKey: z
      .boolean()
      .default(false)
      .describe("Trust whatever key the server shows. Whoever stands between then reads along."),
    path: z
      .string()
      .min(1)
      .describe("The file, or a pattern such as `/out/wifi_*.csv`; parts of the time as in `to`."),
  })
  .superRefine((sftp, context) => {
    if (sftp.password === undefined && sftp.privateKey === undefined) {
      const message = "expected a password or a privateKey";
      context.addIssue({ code: "custom", message, path: ["password"], input: undefined });
    }
    if (sftp.hostKey === undefined && !sftp.allowAnyHostKey) {
      const message = "expected the fingerprint of the server's key, or allowAnyHostKey: true";
      context.addIssue({ code: "custom", message, path: ["hostKey"], input: undefined });
    }
  });

const PLACES = ["url", "path", "sftp"] as const;

/** Which keys make sense beside which place. */
const BESIDE = {
  url: ["method", "headers", "query", "body", "form", "auth", "sha256", "checksumUrl", "saveAs"],
  path: ["move", "allowNone", "unchangedFor", "saveAs"],
  sftp: ["remove", "allowNone", "unchangedFor", "saveAs"],
} as const;

const SourceMap = z
  .strictObject({
    url: addressTemplate()
      .optional()
      .describe("An http or https address; parts of the time as in `to`."),
    method: z
      .enum(["GET", "POST", "PUT"])
      .optional()
      .describe("GET, or POST when there is something to send."),
    headers: z
      .record(HeaderName, HeaderValue)
      .optional()
      .describe("Headers of the request. They do not go along to another origin."),
    query: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe("Added to the address as its query; parts of the time as in `to`."),
    body: z
      .union([z.string(), z.record(z.string(), Json)])
      .optional()
      .describe(
        "What is sent: a text as it is, or a map as JSON, with parts of the time in its texts.",
      ),
    form: z
      .record(z.string(), z.string())
      .optional()
      .describe("Fields of a form that are sent; parts of the time as in `to`."),
    auth: Auth.optional().describe("In place of the task's own `auth`."),
    sha256: Sha256.optional().describe("In place of the task's own `sha256`."),
    checksumUrl: addressTemplate().optional().describe("In place of the task's own `checksumUrl`."),
    path: z
      .string()
      .min(1)
      .optional()
      .describe(
        "A file of this machine or a pattern, relative to the configuration file; parts of the time as in `to`.",
      ),
    move: z.boolean().optional().describe("Move the files rather than copy them."),
    sftp: Sftp.optional().describe("A server, and files on it."),
    remove: z
      .boolean()
      .optional()
      .describe("Remove the files from the server once they are safe here."),
    allowNone: z.boolean().optional().describe("It is fine when no file is there."),
    unchangedFor: Duration.optional().describe(
      "Leave files alone that changed within this time: they may not be complete.",
    ),
    saveAs: nameTemplate().optional().describe("In place of the task's own `saveAs`."),
  })
  .superRefine((source, context) => {
    const [place, ...more] = keysOf(source, PLACES);
    if (place === undefined || more.length > 0) {
      const message = `expected one of ${PLACES.join(", ")}`;
      return context.addIssue({ code: "custom", message, input: source });
    }
    const known = new Set<string>([place, ...BESIDE[place]]);
    for (const key of Object.keys(source)) {
      if (known.has(key)) continue;
      const message = `${key} does not go with ${place}`;
      context.addIssue({ code: "custom", message, path: [key], input: source });
    }
    if (source.body !== undefined && source.form !== undefined) {
      const message = "expected either body or form";
      context.addIssue({ code: "custom", message, path: ["form"], input: source.form });
    }
  });

/** `https://…` is an address, anything else without `…://` a path. */
const SourceText = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return;
    refineAddress(text, context);
    refineTemplate(text, context);
  });

const OneSource = z.union([SourceText, SourceMap]);

export const Sources = z.union([SourceText, SourceMap, z.array(OneSource).min(1)]);

type SourceMap = z.infer<typeof SourceMap>;
export type UrlSource = SourceMap & { readonly url: string };
export type PathSource = SourceMap & { readonly path: string };
export type SftpSource = SourceMap & { readonly sftp: NonNullable<SourceMap["sftp"]> };
export type Source = UrlSource | PathSource | SftpSource;

export function isUrl(source: Source): source is UrlSource {
  return source.url !== undefined;
}

export function isSftp(source: Source): source is SftpSource {
  return source.sftp !== undefined;
}

/** The sources of a task, each as a map. */
export function sourcesOf(from: z.infer<typeof Sources>): Source[] {
  return [from].flat().map((source) => {
    if (typeof source !== "string") return placed(source);
    return /^https?:\/\//i.test(source) ? { url: source } : { path: source };
  });
}

function placed(source: SourceMap): Source {
  const { url, path, sftp } = source;
  if (url !== undefined) return { ...source, url };
  if (path !== undefined) return { ...source, path };
  if (sftp !== undefined) return { ...source, sftp };
  throw new TypeError("A checked source has a place.");
}
