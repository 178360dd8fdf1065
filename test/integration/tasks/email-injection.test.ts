import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { email } from "../../../src/tasks/email/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { startSmtpServer } from "../../helpers/smtp-server.ts";
import { taskContext } from "../../helpers/task-context.ts";

/** What ends a line or an address, or may be taken for that by somebody on the way. */
const BREAKS = [
  "\r\n",
  "\n",
  "\r",
  "\r\n\r\n",
  "\r\n ",
  "\n\t",
  "\r\n.\r\n",
  "\u0000",
  "\v",
  "\f",
  "\u0085",
  "\u2028",
  "\u2029",
  "\u200B",
  "\u202E",
  "\uD800",
  "%0d%0a",
  "\\r\\n",
  "=?UTF-8?Q?=0D=0A?=",
  "\u560D\u560A",
  ",",
  ";",
  " ",
  ">",
  ">, <",
  '" <',
  "(",
] as const;

const EVIL = "evil@evil.example";
/** What would follow: another receiver in headers, or in the conversation with the server. */
const TAILS = [`Bcc: ${EVIL}`, `RCPT TO:<${EVIL}>`] as const;

const PAYLOADS = BREAKS.flatMap((end) => TAILS.map((tail) => `${end}${tail}`));

const FIELDS: Record<string, (payload: string) => object> = {
  "after an address": (payload) => ({ to: `ann@example.com${payload}` }),
  "before an address": (payload) => ({ to: [`${payload}ann@example.com`] }),
  "within an address": (payload) => ({ to: `ann${payload}@example.com` }),
  "in a name": (payload) => ({ to: `Ann ${payload} <ann@example.com>` }),
  "in a quoted name": (payload) => ({ to: `"Ann ${payload}" <ann@example.com>` }),
  "in the sender": (payload) => ({ from: `Robot ${payload} <robot@example.org>` }),
  "after the sender": (payload) => ({ from: `robot@example.org${payload}` }),
  "in the address for answers": (payload) => ({ replyTo: `desk@example.org${payload}` }),
  "in the subject": (payload) => ({ subject: `Day ${payload}` }),
  "in a value of the subject": (payload) => ({
    subject: "Day {{ with.cell }}",
    with: { cell: payload },
  }),
  "in the value of a header": (payload) => ({ headers: { "X-Team": `a${payload}` } }),
  "in the name of a header": (payload) => ({ headers: { [`X-Team${payload}`]: "a" } }),
  "in the text": (payload) => ({ text: `Hello${payload}\r\n.\r\nMAIL FROM:<${EVIL}>${payload}` }),
  "in the HTML": (payload) => ({ html: `<p>Hello${payload}</p>\n.\nQUIT` }),
};

/** Where no line end belongs: a mail with one is not sent at all. */
const ONE_LINE = new Set(Object.keys(FIELDS).filter((where) => !/text|HTML/.test(where)));
const BREAKS_LINES = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Headers that a mail may have; an address in the text is a matter of the text. */
const HEADERS = new Set([
  "auto-submitted",
  "content-disposition",
  "content-transfer-encoding",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "reply-to",
  "subject",
  "to",
  "x-team",
]);

async function withServer() {
  const server = await startSmtpServer();
  onTestFinished(() => server.close());
  return server;
}

it("is tried with hundreds of payloads", () => {
  expect(PAYLOADS.length * Object.keys(FIELDS).length).toBeGreaterThan(700);
});

it.each(Object.entries(FIELDS))(
  "what stands %s reaches nobody but those who are named",
  { timeout: 180_000 },
  async (where, optionsOf) => {
    const server = await withServer();
    const folder = await withFolder();
    const { host, port } = server;
    let refused = 0;
    const ends: unknown[] = [];
    for (const payload of PAYLOADS) {
      const sent = server.mails.length;
      const given = {
        server: { host, port },
        from: "Robot <robot@example.org>",
        to: "Ann <ann@example.com>",
        text: "Hello",
        ...optionsOf(payload),
      };
      const checked = email.options.safeParse(given);
      const run = checked.success
        ? email.run(taskContext({ options: checked.data, folder })).then(
            ({ accepted }) => accepted,
            (error: { code: string }) => error.code,
          )
        : "EMAIL_INVALID";
      const end = await run;
      const isRefused = end === "EMAIL_INVALID";
      if (isRefused) refused++;
      if (ONE_LINE.has(where) && BREAKS_LINES.test(payload)) ends.push(end);
      expect([payload, end]).toEqual([payload, isRefused ? end : ["ann@example.com"]]);
      expect(server.mails.length - sent).toBe(isRefused ? 0 : 1);
    }
    expect(new Set(ends)).toEqual(new Set(ONE_LINE.has(where) ? ["EMAIL_INVALID"] : []));
    expect(new Set(server.commands.filter((one) => one.startsWith("RCPT")))).toEqual(
      refused === PAYLOADS.length ? new Set() : new Set(["RCPT TO:<ann@example.com>"]),
    );
    for (const { from, to, mail } of server.mails) {
      expect({ from, to }).toEqual({ from: "robot@example.org", to: ["ann@example.com"] });
      expect(mail.to).toMatchObject([{ address: "ann@example.com" }]);
      expect(mail.from).toMatchObject({ address: "robot@example.org" });
      expect(mail.headers.map(({ key }) => key).filter((key) => !HEADERS.has(key))).toEqual([]);
    }
  },
);

it(
  "names of attachments keep neither signs that end lines nor paths",
  { timeout: 60_000 },
  async () => {
    const server = await withServer();
    const folder = await withFolder();
    const names = [
      ...PAYLOADS.filter((payload) => !/[\0\uD800]/.test(payload)).map(
        (payload) => `a${payload}.csv`,
      ),
      ".htaccess",
      "..",
      '"; filename="evil.exe',
      "evil.csv\u202Excod.exe",
      "C:\\Windows\\evil.csv",
      " . ",
      `${"long".repeat(50)}.csv`,
    ].filter((name) => name !== "..");
    const attach = names.map((name) => join(folder, name));
    for (const path of attach) await writeFile(path, "x");
    const { host, port } = server;
    const options = email.options.parse({
      server: { host, port },
      from: "robot@example.org",
      to: "ann@example.com",
      attach,
    });

    await email.run(taskContext({ options, folder }));

    const [{ mail, to } = expect.fail()] = server.mails;
    const found = mail.attachments.map(({ filename }) => filename ?? "");
    expect(to).toEqual(["ann@example.com"]);
    expect(found).toHaveLength(names.length);
    expect(new Set(found.map((name) => name.toLowerCase())).size).toBe(names.length);
    for (const name of found) {
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"'<>:;|?*\\/]|^\.|\.$/u);
      expect(name.length).toBeLessThanOrEqual(130);
    }
  },
);

it.each(["Bcc", "To", "Subject", "Content-Type", "X-", "X-A B", "X-A:", "X-A\r\nBcc", "x_team"])(
  "header %j cannot be set",
  (name) => {
    const checked = email.options.safeParse({
      server: { host: "127.0.0.1" },
      from: "a@example.org",
      to: "b@example.com",
      headers: { [name]: "a" },
    });
    expect(checked.error?.issues[0]).toMatchObject({
      code: "invalid_key",
      path: ["headers", name],
    });
  },
);
