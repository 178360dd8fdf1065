/** What a download takes. */
import { z } from "zod";
import { Duration, Size } from "../../core/index.ts";
import { addressFlaw } from "../http/index.ts";
import { Auth } from "./auth-options.ts";
import { addressTemplate, Sha256, Sources } from "./source-options.ts";
import { nameTemplate, templateText } from "./template-text.ts";

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/(?:\*|[\w!#$&^.+-]+)$/;

const MediaType = z
  .string()
  .regex(MEDIA_TYPE, 'expected a media type such as "text/csv" or "application/*"');

const Private = z.string().superRefine((entry, context) => {
  const message = addressFlaw(entry);
  if (message !== undefined) context.addIssue({ code: "custom", message, input: entry });
});

const Status = z.int().min(200).max(599);

export const DownloadOptions = z.strictObject({
  from: Sources.describe(
    "Sources, one or several: an address, a path or pattern, or a map with `url`, `path` or `sftp`.",
  ),
  to: templateText().describe(
    "Folder for the files, relative to the configuration file, with parts of the run's time such as `{yyyy}/{MM}`.",
  ),
  saveAs: nameTemplate()
    .default("{name}")
    .describe(
      "Names of the files below `to`: parts of the time, `{name}` for the name that the source gives, `{stem}` and `{ext}` for its parts.",
    ),
  auth: Auth.optional().describe("How the sources are shown who asks: one of its keys."),
  conditional: z
    .boolean()
    .default(true)
    .describe("Ask only for what has changed since it was last fetched."),
  resume: z
    .boolean()
    .default(true)
    .describe("Keep what came when a download breaks off, and ask for the rest the next time."),
  overwrite: z
    .enum(["replace", "keep", "fail"])
    .default("replace")
    .describe("What becomes of a file that is there already."),
  parallel: z.int().min(1).max(64).default(4).describe("Sources at once."),
  maxSize: Size.default("2GB").describe("Largest file, before and after it is decompressed."),
  minSize: Size.optional().describe("Smallest file that can be right."),
  contentType: z
    .array(MediaType)
    .min(1)
    .optional()
    .describe(
      'Media types that are taken, such as `["text/csv", "application/*"]`. Without it, all but web pages.',
    ),
  sha256: Sha256.optional().describe("SHA-256 that each file must have."),
  checksumUrl: addressTemplate()
    .optional()
    .describe("Address of a list of SHA-256 sums that names the files, or of a single sum."),
  expect: z
    .strictObject({
      status: z
        .union([Status, z.array(Status).min(1)])
        .default(200)
        .describe("HTTP statuses of a good answer."),
    })
    .default({ status: 200 })
    .describe("What a good answer looks like."),
  allowPrivate: z
    .array(Private)
    .default([])
    .describe(
      "Hosts, addresses and networks that may be reached although they are private: `portal.intern`, `127.0.0.1`, `10.0.0.0/8`.",
    ),
  allowDowngrade: z.boolean().default(false).describe("Follow redirects from https to http."),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PEM file with certificates that are trusted in place of the usual ones, relative to the configuration file.",
    ),
  maxRedirects: z.int().min(0).max(20).default(5).describe("Redirects to follow."),
  connectTimeout: Duration.default("10s").describe("How long a server may take to be reached."),
  answerTimeout: Duration.default("60s").describe("How long it may take to begin its answer."),
  idleTimeout: Duration.default("60s").describe("Longest silence while a file comes in."),
  sourceTimeout: Duration.default("1h").describe("How long one source may take in all."),
});
export type DownloadOptions = z.infer<typeof DownloadOptions>;
