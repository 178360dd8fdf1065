import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { masked } from "../../../src/core/index.ts";
import type { UncertainPolicy } from "../../../src/orchestration/index.ts";
import { email } from "../../../src/tasks/email/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";
import {
  type LocalSmtpServer,
  type SmtpServerOptions,
  startSmtpServer,
} from "../../helpers/smtp-server.ts";
import { taskContext } from "../../helpers/task-context.ts";

async function withServer(options: SmtpServerOptions = {}): Promise<LocalSmtpServer> {
  const server = await startSmtpServer(options);
  onTestFinished(() => server.close());
  return server;
}

interface Parts {
  readonly folder?: string;
  readonly journal?: ReturnType<typeof memoryJournal>;
  readonly policy?: UncertainPolicy;
  readonly signal?: AbortSignal;
}

/** Run options as they stand in a file, with what every mail needs. */
async function ran({ host, port }: LocalSmtpServer, options: object, parts: Parts = {}) {
  const { folder = await withFolder(), ...rest } = parts;
  const checked = email.options.parse({
    server: { host, port },
    from: "Wrangler <robot@example.org>",
    to: ["ann@example.com"],
    ...options,
  });
  return email.run(taskContext({ options: checked, folder, ...rest }));
}

const failing = (code: string, text = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });

describe("a mail", () => {
  it("says by itself what ran, as text and as HTML", async () => {
    const server = await withServer();
    const given = { prepare: "COMPLETED", rows: 12, note: null, files: ["a", "b"] };

    const results = await ran(server, { with: given });

    const [received] = server.mails;
    const { mail, from, to, raw } = received!;
    expect({ from, to }).toEqual({ from: "robot@example.org", to: ["ann@example.com"] });
    expect(mail.subject).toBe("daily of acme, 2026-03-01");
    expect(mail.from).toMatchObject({ name: "Wrangler", address: "robot@example.org" });
    expect(mail.text).toBe(
      "Workflow daily of account acme\nSun 2026-03-01 11:00 (Europe/Berlin), run run-1\n\n" +
        'prepare: COMPLETED\nrows: 12\nnote: -\nfiles: ["a","b"]\n\n',
    );
    expect(mail.html).toContain('<td style="border-bottom: 1px solid #ddd">COMPLETED</td>');
    expect(raw).toContain("Auto-Submitted: auto-generated\r\n");
    expect(raw).not.toMatch(/^X-Mailer/im);
    expect(results).toEqual({
      messageId: mail.messageId,
      accepted: ["ann@example.com"],
      rejected: [],
      response: expect.stringMatching(/^250 /),
      // With the dot that ends it.
      bytes: Buffer.byteLength(`${raw}.\r\n`),
      attachments: [],
      skipped: false,
    });
    expect(mail.messageId).toMatch(/^<[0-9a-f]{64}@example\.org>$/);
  });

  it("is made of the templates that are given", async () => {
    const server = await withServer();
    const folder = await withFolder();
    await writeFile(join(folder, "day.html"), "<p>{{ with.rows }} rows of {{ account.id }}</p>");

    await ran(
      server,
      {
        subject: "{{ run.weekday }} {{ run.day }} {{ run.monthName }} {{ run.year }}: ärgerlich",
        text: "{% if with.failed %}no{% else %}all well{% endif %} {{ run.scheduledAt | date: '%H:%M' }}",
        htmlFile: "day.html",
        with: { rows: 7 },
        cc: "Bob <bob@example.com>",
        bcc: ["hidden@example.com", "ann@Example.com"],
        replyTo: "desk@example.org",
        priority: "high",
        headers: { "X-Team": "Zürich" },
      },
      { folder },
    );

    const [{ mail, to, raw } = expect.fail()] = server.mails;
    expect(mail.subject).toBe("Sun 01 Mar 2026: ärgerlich");
    expect(mail.text).toBe("all well 11:00\n");
    expect(mail.html).toContain("<p>7 rows of acme</p>");
    expect(mail.cc).toMatchObject([{ name: "Bob", address: "bob@example.com" }]);
    expect(mail.replyTo).toMatchObject([{ address: "desk@example.org" }]);
    expect(to).toEqual(["ann@example.com", "bob@example.com", "hidden@example.com"]);
    expect(raw).not.toContain("hidden@example.com");
    expect(raw).toMatch(/^X-Priority: 1/m);
    expect(mail.headers).toContainEqual(
      expect.objectContaining({ key: "x-team", value: "=?UTF-8?Q?Z=C3=BCrich?=" }),
    );
  });

  it("escapes what is put into its HTML, and not what is put into its text", async () => {
    const server = await withServer();
    const cell = '<script>alert("1")</script>';

    await ran(server, { with: { cell } });
    await ran(server, { html: "<b>{{ with.cell }}</b>", text: "{{ with.cell }}", with: { cell } });

    const pages = server.mails.map(({ mail }) => mail.html ?? "");
    for (const page of pages) {
      expect(page).toContain("&lt;script&gt;");
      expect(page).not.toContain("<script");
    }
    expect(server.mails[1]?.mail.text).toBe(`${cell}\n`);
  });

  it.each([
    ["a variable that is not there", { text: "{{ with.gone }}" }, "undefined variable"],
    ["a filter that is not there", { text: "{{ run.id | shout }}" }, "undefined filter"],
    ["a file", { text: "{% include '/etc/passwd' %}" }, "ENOENT"],
    ["a file of its folder", { text: "{% render 'secret.txt' %}" }, "ENOENT"],
    ["something unfinished", { subject: "{{ run.id" }, "not closed"],
    ["what a prototype has", { text: "{{ with.constructor.name }}" }, "undefined variable"],
    ["an endless list", { text: "{% for i in (1..900000000) %}x{% endfor %}" }, "limit"],
    [
      "a subject of two lines",
      { subject: "{{ with.a }}", with: { a: "x\r\nBcc: b@c.de" } },
      "one line",
    ],
    ["a file that is gone", { textFile: "gone.txt" }, "gone.txt"],
  ])("is not sent when a template asks for %s", async (_what, options, text) => {
    const server = await withServer();
    const folder = await withFolder();
    await writeFile(join(folder, "secret.txt"), "secret");
    await expect(ran(server, options, { folder })).rejects.toEqual(failing("EMAIL_INVALID", text));
    expect(server.commands).toEqual([]);
  });

  it("goes to allowed domains only", async () => {
    const server = await withServer();
    const options = { bcc: "eve@evil.example", allowDomains: ["example.com"] };
    await expect(ran(server, options)).rejects.toEqual(
      failing("EMAIL_INVALID", "eve@evil.example"),
    );
    expect(server.commands).toEqual([]);
  });

  it("asks for delivery reports where the server makes some", async () => {
    const server = await withServer();
    await ran(server, { dsn: { notify: ["failure", "delay"], return: "headers" } });
    const [{ dsn, notify, mail } = expect.fail()] = server.mails;
    expect(dsn).toEqual({ ret: "HDRS", envid: mail.messageId?.slice(1, 65) });
    expect(notify).toEqual([["FAILURE", "DELAY"]]);
  });
});

describe("attachments", () => {
  it("are the files that paths, patterns and date parts name", async () => {
    const server = await withServer();
    const folder = await withFolder();
    await mkdir(join(folder, "out"));
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, i) => i % 256));
    await writeFile(join(folder, "out", "tabelle_20260301.xlsx"), bytes);
    await writeFile(join(folder, "a.csv"), "a,b\r\n.\r\n1,2\r\n");
    await writeFile(join(folder, "empty.csv"), "");
    await mkdir(join(folder, "other"));
    await writeFile(join(folder, "other", "A.csv"), "x");

    const attach = [
      join(folder, "a.csv"),
      "out/*_{yyyyMMdd}.xlsx",
      "empty.csv",
      "other/*.{csv,txt}",
    ];
    const results = await ran(server, { attach }, { folder });

    const found = server.mails[0]!.mail.attachments.map(({ filename, content }) => [
      filename,
      Buffer.from(content as ArrayBuffer).toString("base64"),
    ]);
    expect(found).toEqual([
      ["a.csv", Buffer.from("a,b\r\n.\r\n1,2\r\n").toString("base64")],
      ["tabelle_20260301.xlsx", bytes.toString("base64")],
      ["empty.csv", ""],
      ["A-2.csv", Buffer.from("x").toString("base64")],
    ]);
    expect(results["attachments"]).toEqual([
      { file: join(folder, "a.csv"), bytes: 13 },
      { file: join(folder, "out", "tabelle_20260301.xlsx"), bytes: 5_000 },
      { file: join(folder, "empty.csv"), bytes: 0 },
      { file: join(folder, "other", "A.csv"), bytes: 1 },
    ]);
  });

  it("above the limit fail the task, or are linked in whatever body there is", async () => {
    const server = await withServer();
    const folder = await withFolder();
    const file = join(folder, "<big>.csv");
    await writeFile(file, "x".repeat(2_000));
    const options = { attach: "*.csv", maxAttachments: "1KB" };

    await expect(ran(server, options, { folder })).rejects.toEqual(
      failing("EMAIL_INVALID", "2000 bytes"),
    );
    const link = { ...options, tooLarge: "link" };
    const results = await ran(server, link, { folder });
    await ran(server, { ...link, html: "<html><body>Hi</BODY></html>" }, { folder });

    const [own, given] = server.mails.map(({ mail }) => mail);
    expect(own!.text).toContain(`- ${file}`);
    expect(own!.html).toContain("&lt;big&gt;.csv");
    expect(given!.html).toMatch(/Hi<p>Too large to attach:<\/p>[^]*big&gt;\.csv[^]*<\/BODY>/);
    expect(own!.attachments).toEqual([]);
    expect(results["attachments"]).toEqual([]);
  });

  it("that are not there fail the task, or skip the mail", async () => {
    const server = await withServer();
    const options = { attach: ["out/*.xlsx"] };
    await expect(ran(server, options)).rejects.toEqual(failing("INPUT_MISSING", "*.xlsx"));
    const results = await ran(server, { ...options, skipWhenEmpty: true });
    expect(results).toMatchObject({ skipped: true, messageId: null, accepted: [] });
    expect(server.commands).toEqual([]);
  });

  it("that shrink while they are sent leave no mail behind", async () => {
    const folder = await withFolder();
    const file = join(folder, "a.csv");
    await writeFile(file, "x".repeat(5_000_000));
    const server = await withServer({
      receiver: () => {
        void truncate(file, 10);
        return undefined;
      },
      pipelining: false,
    });
    await expect(ran(server, { attach: "a.csv" }, { folder })).rejects.toEqual(
      failing("EMAIL_INVALID", "changes while it is sent"),
    );
    expect(server.mails).toEqual([]);
    expect(server.unanswered).toEqual([]);
  });

  it("may be links to files", async () => {
    const server = await withServer();
    const folder = await withFolder();
    await writeFile(join(folder, "2026.csv"), "x");
    await symlink(join(folder, "2026.csv"), join(folder, "latest.csv"));
    await ran(server, { attach: "latest.csv" }, { folder });
    expect(server.mails[0]?.mail.attachments[0]?.filename).toBe("latest.csv");
  });
});

const receiver = (address: string) =>
  address.startsWith("gone") ? ("550 5.1.1 No such user" as const) : undefined;

describe("receivers that the server refuses", () => {
  const to = ["ann@example.com", "gone@example.com", "bob@example.com"];

  it.each([true, false])("keep it from everybody (pipelining: %s)", async (pipelining) => {
    const server = await withServer({ receiver, pipelining });
    await expect(ran(server, { to })).rejects.toEqual(
      failing("EMAIL_REFUSED", "gone@example.com (550 5.1.1 No such user); nothing was sent"),
    );
    expect([...server.mails, ...server.unanswered]).toEqual([]);
  });

  it.each([true, false])(
    "are recorded when the others are to get it (pipelining: %s)",
    async (pipelining) => {
      const server = await withServer({ receiver, pipelining });
      const results = await ran(server, { to, partial: "accept" });
      expect(results).toMatchObject({
        accepted: ["ann@example.com", "bob@example.com"],
        rejected: ["gone@example.com"],
      });
      expect(server.mails.map((one) => one.to)).toEqual([["ann@example.com", "bob@example.com"]]);
    },
  );

  it.each(["fail", "accept"])("all of them, fail the task (%s)", async (partial) => {
    const server = await withServer({ receiver });
    await expect(ran(server, { to: "gone@example.com", partial })).rejects.toEqual(
      failing("EMAIL_REFUSED", "gone@example.com"),
    );
    expect(server.mails).toEqual([]);
  });

  it("for now only, are asked for again", async () => {
    let asked = 0;
    const server = await withServer({
      receiver: (address) =>
        address === "bob@example.com" && ++asked === 1 ? "450 4.2.0 Greylisted" : undefined,
    });
    const journal = memoryJournal();
    await expect(ran(server, { to }, { journal })).rejects.toEqual(
      failing("EMAIL_FAILED", "bob@example.com (450"),
    );
    expect(await ran(server, { to }, { journal })).toMatchObject({ accepted: to, rejected: [] });
    expect(server.mails).toHaveLength(1);
  });
});

it("a mail that is done is not sent again", async () => {
  const server = await withServer();
  const journal = memoryJournal();
  const first = await ran(server, {}, { journal });
  expect(await ran(server, {}, { journal })).toEqual(first);
  expect(server.mails).toHaveLength(1);
});

it("a password shows nowhere", async () => {
  const login = { user: "robot", password: "correct horse/battery" };
  const server = await withServer({ login });
  const wrong = { ...login, password: "wrong horse/staple" };
  const options = (given: object) => ({
    server: { host: server.host, port: server.port, ...given },
  });
  const journal = memoryJournal();

  const error: unknown = await ran(server, options(wrong), { journal }).catch((e: unknown) => e);
  await ran(server, options(login), { journal });

  expect(error).toEqual(failing("EMAIL_REFUSED", "535"));
  expect(server.mails[0]?.user).toBe("robot");
  const told = JSON.stringify([error, journal.entries, String(error)]);
  for (const secret of [login.password, wrong.password]) expect(told).not.toContain(secret);
  expect(masked(`AUTH ${Buffer.from(`\0robot\0${wrong.password}`).toString("base64")}`)).toBe(
    "AUTH ***",
  );
});
