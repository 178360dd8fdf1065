/** A mail, put together from options and files. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { bytesOf, WranglerError } from "../../core/index.ts";
import type { TaskContext } from "../kind.ts";
import { namedFiles } from "../named-files.ts";
import { domainOf, UNPRINTABLE } from "./address.ts";
import { type Attachment, attachmentsOf, contentOf } from "./attachments.ts";
import { DEFAULT_BODY, DEFAULT_SUBJECT, withLinks } from "./default-body.ts";
import type { EmailOptions } from "./email-options.ts";
import { type Receivers, receiversOf } from "./receivers.ts";
import { factsOf, rendered, runVariables, type Template } from "./templates.ts";

/** A mail that is ready to be sent. */
export interface Message {
  readonly receivers: Receivers;
  /** `<key@domain>`: the same however often this very mail is tried. */
  readonly messageId: string;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly Attachment[];
}

type Context = Pick<
  TaskContext<EmailOptions>,
  | "options"
  | "runId"
  | "workflow"
  | "account"
  | "task"
  | "scheduledAt"
  | "timeZone"
  | "configFolder"
>;

/**
 * Gather addresses, files and texts. Undefined when there is nothing to attach and such a mail is to
 * be skipped.
 *
 * @param key - Of the effect.
 * @throws {WranglerError} EMAIL_INVALID for addresses, templates and attachments; INPUT_MISSING for
 *   files that are not there.
 */
export async function messageOf(context: Context, key: string): Promise<Message | undefined> {
  const { options, configFolder: folder, scheduledAt: at, timeZone } = context;
  const receivers = receiversOf(options);
  const names = [options.attach].flat();
  const emptyPatterns = options.skipWhenEmpty;
  const files = await namedFiles({ names, folder, time: { at, timeZone }, emptyPatterns });
  if (files.length === 0 && options.skipWhenEmpty) return undefined;
  const found = await attachmentsOf(files);
  const isLinked = areTooLarge(found, options);
  const attachments = isLinked ? [] : found;
  const links = isLinked ? files : [];
  const [subject = "", ...bodies] = await rendered(
    [
      { name: "subject", source: options.subject ?? DEFAULT_SUBJECT, as: "text" },
      ...(await templatesOf(options, folder)).map((one) => (isLinked ? withLinks(one) : one)),
    ],
    {
      run: runVariables(context),
      account: { id: context.account },
      task: { id: context.task },
      with: options.with,
      facts: factsOf(options.with),
      attachments: attachments.map(({ name, bytes }) => ({ name, bytes })),
      links,
    },
    timeZone,
  );
  const [text, html] = hasText(options) ? bodies : [undefined, ...bodies];
  return {
    receivers,
    messageId: `<${key}@${domainOf(receivers.from.address)}>`,
    subject: checkedSubject(subject),
    text,
    html,
    attachments,
  };
}

/** So that nobody's absence notice answers a machine (RFC 3834). */
const AUTOMATIC = { "Auto-Submitted": "auto-generated" };

/** Mail programs look for one or the other. */
const IMPORTANCE = {
  high: { Importance: "high", "X-Priority": "1 (Highest)" },
  normal: {},
  low: { Importance: "low", "X-Priority": "5 (Lowest)" },
} as const;

/** The bytes of a mail as they go over the wire, made while they are read. */
export async function streamOf(message: Message, options: EmailOptions): Promise<Readable> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const { receivers, messageId, subject, text, html, attachments } = message;
  const { from, to, cc, bcc, replyTo } = receivers;
  const mail = new MailComposer({
    from,
    to: [...to],
    cc: [...cc],
    bcc: [...bcc],
    ...(replyTo ? { replyTo } : {}),
    messageId,
    subject,
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
    attachments: attachments.map((one) => ({ filename: one.name, content: contentOf(one) })),
    headers: { ...options.headers, ...IMPORTANCE[options.priority ?? "normal"], ...AUTOMATIC },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().createReadStream();
}

/**
 * Bytes that a message has at least: files grow by a third when they are encoded. What a server
 * cannot take is refused before it is sent.
 */
export function leastBytes({ text = "", html = "", attachments }: Message): number {
  const bodies = Buffer.byteLength(text) + Buffer.byteLength(html);
  return attachments.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 3) * 4, bodies);
}

function hasText({ text, textFile, html, htmlFile }: EmailOptions): boolean {
  const hasHtml = html !== undefined || htmlFile !== undefined;
  return text !== undefined || textFile !== undefined || !hasHtml;
}

/** The bodies, text first. */
async function templatesOf(options: EmailOptions, folder: string): Promise<readonly Template[]> {
  const text = await sourceOf(options.text, options.textFile, folder);
  const html = await sourceOf(options.html, options.htmlFile, folder);
  if (text === undefined && html === undefined) return DEFAULT_BODY;
  return [
    ...(text === undefined ? [] : [{ name: "text", source: text, as: "text" as const }]),
    ...(html === undefined ? [] : [{ name: "html", source: html, as: "html" as const }]),
  ];
}

async function sourceOf(
  given: string | undefined,
  file: string | undefined,
  folder: string,
): Promise<string | undefined> {
  if (file === undefined) return given;
  const path = resolve(folder, file);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `Expected a file with a template: ${why}.`;
    throw new WranglerError("EMAIL_INVALID", reason, { path }, { cause });
  }
}

function checkedSubject(subject: string): string {
  if (!UNPRINTABLE.test(subject)) return subject;
  const reason = `subject: expected one line without control signs, got ${JSON.stringify(subject)}.`;
  throw new WranglerError("EMAIL_INVALID", reason);
}

function areTooLarge(
  attachments: readonly Attachment[],
  { maxAttachments, tooLarge }: EmailOptions,
): boolean {
  const bytes = attachments.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= bytesOf(maxAttachments)) return false;
  if (tooLarge === "link") return true;
  const reason = `Attachments of ${bytes} bytes, expected at most ${maxAttachments} (maxAttachments).`;
  throw new WranglerError("EMAIL_INVALID", reason, { bytes });
}
