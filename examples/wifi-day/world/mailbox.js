/** The mail server, and what came in: each mail as a file that mail programs open. */
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/**
 * @param {{ folder: string, password: string, busyTimes: number }} options `busyTimes`: so often it
 *   answers that it has no time.
 */
export async function startMailbox({ folder, password, busyTimes }) {
  await mkdir(folder, { recursive: true });
  const mails = [];
  let left = busyTimes;
  let refused = 0;

  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: false,
    allowInsecureAuth: true,
    onAuth({ username, password: given }, _session, answer) {
      if (given === password) answer(null, { user: username });
      else answer(new Error("Wrong password."));
    },
    onMailFrom(_address, _session, answer) {
      if (left === 0) return answer();
      left--;
      refused++;
      return answer(Object.assign(new Error("Busy, try again later."), { responseCode: 451 }));
    },
    async onData(stream, { envelope }, answer) {
      const text = await buffer(stream);
      const name = `${String(mails.length + 1).padStart(2, "0")}.eml`;
      await writeFile(join(folder, name), text);
      mails.push({
        file: join(folder, name),
        to: envelope.rcptTo.map(({ address }) => address),
        subject: /^Subject: (.*)$/m.exec(text.toString())?.[1]?.trim() ?? "",
        messageId: /^Message-ID:\s*(\S+)/im.exec(text.toString())?.[1] ?? "",
        bytes: text.length,
      });
      answer();
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: server.server.address().port,
    mails,
    refusals: () => refused,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
