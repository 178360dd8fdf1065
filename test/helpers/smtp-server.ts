/** A real mail server on this machine that can be told to go wrong. */
import { once } from "node:events";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import type { Certificate } from "./self-signed-certificate.ts";

/** Where something goes wrong: a command, the greeting, amid a message, or after its end. */
export type SmtpPlace =
  | "CONNECT"
  | "EHLO"
  | "STARTTLS"
  | "AUTH"
  | "MAIL"
  | "RCPT"
  | "DATA"
  | "BODY"
  | "END";

/** An answer such as `451 4.3.0 Later`, a connection that is cut, or no answer at all. */
export type SmtpFault = `${4 | 5}${number} ${string}` | "cut" | "silence";

export interface SmtpServerOptions {
  /** Who has to log in, and by what; nobody when left out. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Offers STARTTLS, or with `encrypted` takes TLS connections only. Without it there is no TLS. */
  readonly certificate?: Certificate;
  readonly encrypted?: boolean;
  /** Largest message. */
  readonly maxBytes?: number;
  /** Whether several commands may come at once; true when left out. */
  readonly pipelining?: boolean;
  /** What to say to a receiver, in place of yes. */
  readonly receiver?: (address: string) => SmtpFault | undefined;
  /** 0: any free one. */
  readonly port?: number;
}

export interface ReceivedMail {
  readonly from: string;
  /** As the server was told, which is not what the headers say. */
  readonly to: readonly string[];
  readonly mail: Email;
  readonly raw: string;
  /** Of delivery reports, as they were asked for. */
  readonly dsn: { readonly ret: string | null; readonly envid: string | null } | undefined;
  readonly notify: readonly (readonly string[])[];
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

export interface LocalSmtpServer {
  readonly host: string;
  readonly port: number;
  /** Mails that it took and said so. */
  readonly mails: ReceivedMail[];
  /** Mails that came whole, but got no answer. */
  readonly unanswered: ReceivedMail[];
  /** Commands that came, such as `RCPT TO:<ann@example.com>`; of AUTH only its first word. */
  readonly commands: string[];
  /** What goes wrong the next times at a place, one after another. */
  fault(place: SmtpPlace, ...faults: SmtpFault[]): void;
  /** Resolves when something has gone wrong at that place. */
  faulted(place: SmtpPlace): Promise<void>;
  close(): Promise<void>;
}

interface Connection {
  readonly id: string;
  send(code: number, text: string): void;
  [handler: `handler_${string}`]: (command: Buffer, done: () => void) => void;
}

/** Cut it, as a cable that is pulled. */
function cut(connection: unknown): void {
  (Reflect.get(connection as object, "_socket") as { destroy(): void }).destroy();
}

const HANDLED = ["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"] as const;

function answerOf(fault: SmtpFault): Error {
  const [code = "", ...text] = fault.split(" ");
  return Object.assign(new Error(text.join(" ")), { responseCode: Number(code) });
}

/** Start one on 127.0.0.1; the caller closes it. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<LocalSmtpServer> {
  const { login, certificate, encrypted = false, maxBytes, pipelining = true } = options;
  const faults = new Map<SmtpPlace, SmtpFault[]>();
  const waiting = new Map<SmtpPlace, (() => void)[]>();
  const mails: ReceivedMail[] = [];
  const unanswered: ReceivedMail[] = [];
  const commands: string[] = [];

  const take = (place: SmtpPlace) => {
    const fault = faults.get(place)?.shift();
    if (fault !== undefined) for (const tell of waiting.get(place)?.splice(0) ?? []) tell();
    return fault;
  };
  const connectionOf = ({ id }: SMTPServerSession) =>
    [...server.connections].find((one) => one.id === id) as unknown as Connection;
  const watch = (connection: Connection) => {
    for (const verb of HANDLED) {
      const own = connection[`handler_${verb}`]!;
      connection[`handler_${verb}`] = (command, done) => {
        commands.push(verb === "AUTH" ? verb : command.toString().trim());
        const fault = take(verb);
        if (fault === undefined) own.call(connection, command, done);
        else if (fault === "cut") cut(connection);
        else if (fault !== "silence") {
          const { responseCode, message } = answerOf(fault) as Error & { responseCode: number };
          connection.send(responseCode, message);
          done();
        }
      };
    }
  };

  const server = new SMTPServer({
    ...certificate,
    secure: encrypted,
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: [
      ...(login ? [] : ["AUTH"]),
      ...(certificate && !encrypted ? [] : ["STARTTLS"]),
    ],
    disableReverseLookup: true,
    hideDSN: false,
    hidePIPELINING: !pipelining,
    ...(maxBytes === undefined ? {} : { size: maxBytes, rejectOversized: true }),
    logger: false,
    onConnect(session, done) {
      const connection = connectionOf(session);
      watch(connection);
      const fault = take("CONNECT");
      if (fault === "cut") cut(connection);
      else if (fault !== "silence") done(fault === undefined ? null : answerOf(fault));
    },
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(null, { message: "Invalid login", responseCode: 535 });
    },
    onRcptTo({ address }, _session, done) {
      const fault = options.receiver?.(address);
      done(fault === undefined ? null : answerOf(fault));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      const { envelope } = session;
      const early = take("BODY");
      stream.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (early === "cut") cut(connectionOf(session));
      });
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks);
        const received: ReceivedMail = {
          from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          mail: await PostalMime.parse(raw),
          raw: raw.toString(),
          dsn: envelope.dsn,
          notify: envelope.rcptTo.map(({ dsn }) => dsn?.notify ?? []),
          isEncrypted: session.secure,
          user: session.user,
        };
        const fault = take("END");
        if (fault === "cut" || fault === "silence") {
          unanswered.push(received);
          if (fault === "cut") cut(connectionOf(session));
        } else if (fault !== undefined) done(answerOf(fault));
        else {
          if (!stream.sizeExceeded) mails.push(received);
          done();
        }
      });
    },
  });
  // A client that leaves in the middle of something is part of the play.
  server.on("error", () => {});
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address();
  return {
    host: "127.0.0.1",
    port: typeof address === "object" && address !== null ? address.port : 0,
    mails,
    unanswered,
    commands,
    fault(place, ...more) {
      faults.set(place, [...(faults.get(place) ?? []), ...more]);
    },
    faulted(place) {
      return new Promise((resolve) => {
        waiting.set(place, [...(waiting.get(place) ?? []), resolve]);
      });
    },
    close() {
      for (const connection of server.connections) {
        cut(connection);
      }
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
