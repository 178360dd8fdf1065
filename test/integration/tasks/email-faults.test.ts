import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { UncertainPolicy } from "../../../src/orchestration/index.ts";
import { checkMailServer, email } from "../../../src/tasks/email/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";
import { selfSignedCertificate } from "../../helpers/self-signed-certificate.ts";
import {
  type LocalSmtpServer,
  type SmtpFault,
  type SmtpPlace,
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
  /** Of the server, beside its host and port. */
  readonly server?: object;
}

async function ran({ host, port }: LocalSmtpServer, options: object = {}, parts: Parts = {}) {
  const { folder = await withFolder(), server = {}, ...rest } = parts;
  const checked = email.options.parse({
    server: { host, port, ...server },
    from: "robot@example.org",
    to: ["ann@example.com", "bob@example.com"],
    text: "Hello",
    ...options,
  });
  return email.run(taskContext({ options: checked, folder, ...rest }));
}

const failing = (code: string, text = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
const statuses = (journal: ReturnType<typeof memoryJournal>) =>
  journal.entries.flatMap(({ effects = [] }) => effects.map(({ status }) => status));

const login = { user: "robot", password: "a long password" };
const PLACES: SmtpPlace[] = ["CONNECT", "AUTH", "MAIL", "RCPT", "DATA", "END"];

describe("a server that refuses", () => {
  const cases = PLACES.flatMap((place) =>
    [true, false].map((pipelining) => [place, pipelining] as const),
  );

  it.each(cases)(
    "for now at %s (pipelining: %s) may be asked again, and then takes it once",
    async (place, pipelining) => {
      const server = await withServer({ login, pipelining });
      const journal = memoryJournal();
      const parts = { journal, server: login };
      server.fault(place, "451 4.3.0 Try later");

      await expect(ran(server, { to: "ann@example.com" }, parts)).rejects.toEqual(
        failing("EMAIL_FAILED", "451"),
      );
      await ran(server, { to: "ann@example.com" }, parts);

      expect(server.mails).toHaveLength(1);
      expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE", "INTENDED", "DONE"]);
    },
  );

  it.each(cases)("for good at %s (pipelining: %s) is believed", async (place, pipelining) => {
    const server = await withServer({ login, pipelining });
    const journal = memoryJournal();
    server.fault(place, "554 5.7.1 Not from you");
    await expect(
      ran(server, { to: "ann@example.com" }, { journal, server: login }),
    ).rejects.toEqual(failing("EMAIL_REFUSED", "554"));
    expect(server.mails).toEqual([]);
    expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE"]);
  });

  it.each(["451 4.3.0 Later", "554 5.7.1 No"] as const)(
    "the sender with %s is told from refused receivers",
    async (fault) => {
      const server = await withServer();
      server.fault("MAIL", fault);
      await expect(ran(server)).rejects.toEqual(
        failing(fault.startsWith("4") ? "EMAIL_FAILED" : "EMAIL_REFUSED", "MAIL FROM"),
      );
    },
  );

  it("EHLO is greeted the old way", async () => {
    const server = await withServer();
    server.fault("EHLO", "502 5.5.1 What?");
    await ran(server);
    expect(server.mails).toHaveLength(1);
  });

  it("messages above a size is not sent one", async () => {
    const folder = await withFolder();
    await writeFile(join(folder, "a.bin"), Buffer.alloc(30_000, 1));
    const server = await withServer({ maxBytes: 20_000 });
    await expect(ran(server, { attach: "a.bin" }, { folder })).rejects.toEqual(
      failing("EMAIL_REFUSED", "larger than allowed 20000"),
    );
    expect(server.commands).not.toContain("DATA");
  });

  it("messages above a size only when they have come is believed", async () => {
    const folder = await withFolder();
    // Encoded it is a little larger than what we can say in advance.
    await writeFile(join(folder, "a.bin"), Buffer.alloc(14_900, 1));
    const server = await withServer({ maxBytes: 20_000 });
    await expect(ran(server, { attach: "a.bin" }, { folder })).rejects.toEqual(
      failing("EMAIL_REFUSED", "552"),
    );
    expect(server.mails).toEqual([]);
  });

  it.each([undefined, { user: "robot", password: "wrong password" }])(
    "strangers (%j) is not written to",
    async (given) => {
      const server = await withServer({ login });
      await expect(ran(server, {}, { server: given ?? {} })).rejects.toEqual(
        failing("EMAIL_REFUSED", given ? "AUTH" : "MAIL FROM"),
      );
      expect(server.mails).toEqual([]);
    },
  );

  it("to log anybody in is not written to without", async () => {
    const server = await withServer();
    await expect(ran(server, {}, { server: login })).rejects.toEqual(
      failing("EMAIL_REFUSED", "AUTH"),
    );
    expect(server.mails).toEqual([]);
  });
});

describe("a connection that breaks", () => {
  it.each<SmtpPlace>(["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY"])(
    "at %s has sent nothing: it is tried again without a question",
    async (place) => {
      const folder = await withFolder();
      // More than goes out at once, so that its end is not on the way when it breaks.
      await writeFile(join(folder, "a.bin"), Buffer.alloc(8_000_000, 1));
      const server = await withServer({ login });
      const journal = memoryJournal();
      const parts = { journal, folder, server: login };
      server.fault(place, "cut");

      await expect(ran(server, { attach: "a.bin" }, parts)).rejects.toEqual(
        failing("EMAIL_FAILED", `127.0.0.1:${server.port}`),
      );
      await ran(server, { attach: "a.bin" }, parts);

      expect(server.mails).toHaveLength(1);
      expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE", "INTENDED", "DONE"]);
    },
  );

  it("after the message leaves it uncertain, and a person is asked", async () => {
    const server = await withServer();
    const journal = memoryJournal();
    server.fault("END", "cut");
    for (let attempt = 1; attempt <= 2; attempt++) {
      await expect(ran(server, {}, { journal })).rejects.toEqual(failing("EFFECT_UNCERTAIN"));
    }
    expect([server.mails.length, server.unanswered.length]).toEqual([0, 1]);
    expect(journal.effects("own")).toMatchObject([{ effect: "send", status: "UNCERTAIN" }]);
  });

  it("after the message: by policy it is sent again as the very same mail", async () => {
    const server = await withServer();
    server.fault("END", "cut");
    const results = await ran(server, {}, { policy: "retry" });
    const [lost, taken] = [server.unanswered[0]!, server.mails[0]!];
    expect(taken.mail.messageId).toBe(lost.mail.messageId);
    expect(results["messageId"]).toBe(lost.mail.messageId);
  });

  it("after the message: by policy it is let be", async () => {
    const server = await withServer();
    server.fault("END", "cut");
    const results = await ran(server, {}, { policy: "skip" });
    expect(results).toMatchObject({ messageId: null, accepted: [], skipped: false });
    expect([server.mails.length, server.unanswered.length]).toEqual([0, 1]);
  });

  it("never was: nobody listens", async () => {
    const server = await startSmtpServer();
    await server.close();
    await expect(ran(server)).rejects.toEqual(failing("EMAIL_FAILED", "ECONNREFUSED"));
  });

  it("never was: the name is not known", async () => {
    const nowhere = { host: "nowhere.invalid", port: 25 };
    const server = { ...(await withServer()), ...nowhere };
    await expect(ran(server, {}, { server: { timeout: "5s" } })).rejects.toEqual(
      failing("EMAIL_FAILED", "nowhere.invalid:25"),
    );
  });
});

describe("a server that does not answer", () => {
  it.each<SmtpPlace>(["CONNECT", "AUTH", "MAIL", "RCPT", "DATA"])(
    "at %s is given up after its time",
    async (place) => {
      const server = await withServer({ login });
      server.fault(place, "silence");
      await expect(ran(server, {}, { server: { ...login, timeout: "300ms" } })).rejects.toEqual(
        failing("EMAIL_FAILED"),
      );
    },
  );

  it("after the message leaves it uncertain", async () => {
    const server = await withServer();
    server.fault("END", "silence");
    await expect(ran(server, {}, { server: { timeout: "300ms" } })).rejects.toEqual(
      failing("EFFECT_UNCERTAIN"),
    );
    expect(server.unanswered).toHaveLength(1);
  });
});

describe("an attempt that is to end", () => {
  it.each<[SmtpPlace, SmtpFault]>([
    ["CONNECT", "silence"],
    ["MAIL", "silence"],
    ["DATA", "silence"],
  ])("while the server thinks at %s has sent nothing", async (place, fault) => {
    const server = await withServer();
    const journal = memoryJournal();
    const stop = new AbortController();
    server.fault(place, fault);
    const faulted = server.faulted(place);
    const run = ran(server, {}, { journal, signal: stop.signal });
    await faulted;
    stop.abort(new Error("time is up"));
    await expect(run).rejects.toThrow("time is up");
    expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE"]);
  });

  it("while the server thinks about the message leaves it to the next attempt", async () => {
    const server = await withServer();
    const journal = memoryJournal();
    const stop = new AbortController();
    server.fault("END", "silence");
    const faulted = server.faulted("END");
    const run = ran(server, {}, { journal, signal: stop.signal });
    await faulted;
    stop.abort(new Error("time is up"));
    await expect(run).rejects.toThrow("time is up");
    expect(statuses(journal)).toEqual(["INTENDED", "UNCERTAIN"]);
    await expect(ran(server, {}, { journal })).rejects.toEqual(failing("EFFECT_UNCERTAIN"));
    expect(server.mails).toEqual([]);
  });

  it("before it began asks nobody", async () => {
    const server = await withServer();
    await expect(ran(server, {}, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow(
      "no",
    );
    expect(server.commands).toEqual([]);
  });
});

async function certified(options: SmtpServerOptions = {}) {
  const certificate = selfSignedCertificate();
  const folder = await withFolder();
  await writeFile(join(folder, "ca.pem"), certificate.cert);
  return { folder, server: await withServer({ certificate, login, ...options }) };
}

describe("encryption", () => {
  it.each([
    ["starttls", false],
    ["required", true],
  ])("by %s comes before name and password", async (tls, encrypted) => {
    const { folder, server } = await certified({ encrypted });
    await ran(server, {}, { folder, server: { ...login, tls, ca: "ca.pem" } });
    expect(server.mails).toMatchObject([{ isEncrypted: true, user: "robot" }]);
  });

  it.each([
    ["starttls", false],
    ["required", true],
  ])("by %s needs a certificate that is trusted", async (tls, encrypted) => {
    const { folder, server } = await certified({ encrypted });
    await expect(ran(server, {}, { folder, server: { ...login, tls } })).rejects.toEqual(
      failing("EMAIL_FAILED", "self-signed certificate"),
    );
    expect([server.mails, server.commands.includes("AUTH")]).toEqual([[], false]);
  });

  it("that somebody in between takes away ends it before anything is told", async () => {
    const server = await withServer({ login });
    await expect(ran(server, {}, { server: { ...login, tls: "starttls" } })).rejects.toEqual(
      failing("EMAIL_FAILED", "STARTTLS"),
    );
    expect(server.commands.filter((one) => !one.startsWith("EHLO"))).toEqual([]);
  });

  it("that the server cannot do just now ends it for now", async () => {
    const { folder, server } = await certified();
    server.fault("STARTTLS", "454 4.7.0 Not now");
    await expect(
      ran(server, {}, { folder, server: { ...login, tls: "starttls", ca: "ca.pem" } }),
    ).rejects.toEqual(failing("EMAIL_FAILED", "454"));
    expect(server.commands).not.toContain("AUTH");
  });

  it("spoken to a server that speaks none ends in time", async () => {
    const server = await withServer();
    await expect(ran(server, {}, { server: { tls: "required", timeout: "2s" } })).rejects.toEqual(
      failing("EMAIL_FAILED"),
    );
  });

  it("is asked for unless the server is on this machine", async () => {
    const { server } = email.options.parse({
      server: { host: "mail.example.com" },
      from: "a@example.com",
      to: "b@example.com",
    });
    await expect(
      checkMailServer({ ...server, host: "localhost.invalid", timeout: "5s" }, terms()),
    ).rejects.toEqual(failing("EMAIL_FAILED", "localhost.invalid:587"));
  });

  it("needs a file of certificates that is there", async () => {
    const server = await withServer();
    await expect(ran(server, {}, { server: { ca: "gone.pem" } })).rejects.toEqual(
      failing("EMAIL_INVALID", "server.ca"),
    );
  });
});

const terms = (configFolder = "/") => ({ configFolder, signal: new AbortController().signal });

describe("a look at a mail server", () => {
  it("greets, encrypts and logs in, and sends no mail", async () => {
    const certificate = selfSignedCertificate();
    const folder = await withFolder();
    await writeFile(join(folder, "ca.pem"), certificate.cert);
    const server = await withServer({ certificate, login });
    const { host, port } = server;
    const options = { host, port, tls: "starttls", ca: "ca.pem", ...login };

    expect(await checkMailServer(options, terms(folder))).toEqual({
      host,
      port,
      tls: "starttls",
      encrypted: true,
      loggedIn: true,
    });
    expect(server.commands.map((one) => one.split(" ")[0])).toEqual([
      "EHLO",
      "STARTTLS",
      "EHLO",
      "AUTH",
    ]);
  });

  it("tells what a task would fail with", async () => {
    const server = await withServer({ login });
    const { host, port } = server;
    await expect(
      checkMailServer({ host, port, user: "robot", password: "not the one" }, terms()),
    ).rejects.toEqual(failing("EMAIL_REFUSED", "535"));
    server.fault("CONNECT", "421 4.3.2 Closed");
    await expect(checkMailServer({ host, port }, terms())).rejects.toEqual(
      failing("EMAIL_FAILED", "421"),
    );
    await expect(checkMailServer({ host, password: "x" }, terms())).rejects.toEqual(
      failing("CONFIG_INVALID", "server.password"),
    );
  });

  it("ends when it is told to", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const stop = new AbortController();
    const check = checkMailServer({ host: "127.0.0.1", port }, { ...terms(), signal: stop.signal });
    const [socket] = await once(silent, "connection");
    stop.abort(new Error("enough"));
    await expect(check).rejects.toThrow("enough");
    socket.destroy();
  });
});
