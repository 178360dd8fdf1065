/** Handing a mail over to a mail server, and knowing whether that may have happened. */
import { Readable } from "node:stream";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { type Log, masked, WranglerError } from "../../core/index.ts";
import { type ConversationTerms, withMailServer } from "./conversation.ts";
import type { EmailOptions } from "./email-options.ts";
import { responseCodeOf } from "./mail-error.ts";
import { leastBytes, type Message, streamOf } from "./message.ts";

/** What a server took. A type, since an interface is no Json. */
export type Delivery = {
  accepted: string[];
  rejected: string[];
  /** What the server said in the end. */
  response: string;
  /** Of the whole message as it was sent. */
  bytes: number;
};

/** What is to be done with a message, and what has become of it so far. */
export interface Sending extends ConversationTerms {
  readonly message: Message;
  readonly options: EmailOptions;
  /** Identity of the mail in delivery reports. */
  readonly key: string;
  readonly log: Log;
}

/** Whether a mail may be on its way although no answer came. */
export interface Fate {
  /** Its last byte was handed to the connection, and the server has not answered since. */
  mayBeSent: boolean;
}

/**
 * Send a mail. A server whose connection breaks before the end of a message has to drop it (RFC 5321,
 * 4.1.1.10); only after that end is it open what became of it, and `fate` says so.
 *
 * @throws {WranglerError} EMAIL_FAILED, EMAIL_REFUSED, EMAIL_INVALID; what the signal aborts with
 */
export async function sendMessage(sending: Sending, fate: Fate): Promise<Delivery> {
  const { options, message } = sending;
  const stream = await streamOf(message, options);
  try {
    return await withMailServer(options.server, sending, (connection) =>
      transmitted(connection, stream, sending, fate),
    );
  } finally {
    stream.destroy();
  }
}

/** The envelope, on which the library notes what the server says to each receiver. */
interface Envelope {
  from: string;
  to: string[];
  size: number;
  dsn?: { id: string; notify: string[]; return: string };
  accepted?: string[];
  rejected?: string[];
  rejectedErrors?: unknown[];
}

async function transmitted(
  connection: SMTPConnection,
  stream: Readable,
  { message, options, key, log }: Sending,
  fate: Fate,
): Promise<Delivery> {
  const { receivers } = message;
  const envelope: Envelope = {
    from: receivers.from.address,
    to: [...receivers.all],
    size: leastBytes(message),
    ...(options.dsn ? { dsn: { id: key, ...options.dsn } } : {}),
  };
  let failure: unknown;
  const body = Readable.from(
    gate(stream, () => checkReceivers(envelope, options), fate),
    { objectMode: false },
  );
  body.on("error", (error) => {
    failure = error.cause;
  });
  const { response, messageSize } = await new Promise<SMTPConnection.SentMessageInfo>(
    (resolved, reject) => {
      connection.send(envelope, body, (error, info) => {
        // An answer: the server has said what became of it.
        if (!error || responseCodeOf(error) !== undefined) fate.mayBeSent = false;
        if (!error) resolved(info);
        else
          reject(failure ?? (error.command === "RCPT TO" ? refusal(envelope) : undefined) ?? error);
      });
    },
  );
  const { accepted = [], rejected = [] } = envelope;
  if (rejected.length > 0) log.warn({ rejected }, "mail server refused some of the receivers");
  return { accepted, rejected, response: masked(response), bytes: messageSize };
}

/**
 * The message, asked for by the connection once the server has heard all receivers. What is thrown
 * here ends it before its end.
 *
 * @yields its bytes
 */
async function* gate(stream: Readable, check: () => void, fate: Fate): AsyncGenerator<Buffer> {
  try {
    check();
    yield* stream;
    fate.mayBeSent = true;
  } catch (cause) {
    // The library writes its own code on what it is given.
    throw new Error("The message was not completed", { cause });
  }
}

function checkReceivers(envelope: Envelope, { partial }: EmailOptions): void {
  const refused = partial === "fail" ? refusal(envelope) : undefined;
  if (refused) throw refused;
}

/** What to say when receivers were refused; undefined when none was. */
function refusal({ rejected = [], rejectedErrors = [] }: Envelope): WranglerError | undefined {
  if (rejected.length === 0) return undefined;
  const codes = rejectedErrors.map((error) => responseCodeOf(error) ?? 0);
  const said = rejectedErrors.map((error) =>
    error instanceof Error ? String(Reflect.get(error, "response")) : String(error),
  );
  const list = rejected.map((one, i) => `${one} (${masked(said[i] ?? "").slice(0, 200)})`);
  // Tried again while one of them may yet be taken.
  const isFinal = codes.every((code) => code >= 500);
  const reason = `Refused receivers: ${list.join(", ")}; nothing was sent.`;
  return new WranglerError(isFinal ? "EMAIL_REFUSED" : "EMAIL_FAILED", reason, { rejected });
}
