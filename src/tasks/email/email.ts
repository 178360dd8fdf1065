import type { TaskResults } from "../../orchestration/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { EmailOptions } from "./email-options.ts";
import { messageOf } from "./message.ts";
import { type Delivery, type Fate, sendMessage } from "./send-message.ts";

/** What is recorded of a mail. A type, since an interface is no Json. */
type Outcome = Delivery & {
  messageId: string;
  attachments: { file: string; bytes: number }[];
};

export const email = defineTaskKind({
  name: "email",
  description: "Sends a mail with texts from templates and files attached.",
  options: EmailOptions,
  files: ["textFile", "htmlFile"],
  // A template would run what stands in a result: there it comes by `with`, and is escaped.
  literal: () => ["html", "text", "subject"],
  results: {
    messageId: "Message-ID of the mail; null when none was sent or nobody knows.",
    accepted: "Addresses that the server took the mail for.",
    rejected: "Addresses that it refused.",
    response: "What the server said in the end.",
    bytes: "Size of the mail as it was sent.",
    attachments: "Attached files, each with its path as `file` and its `bytes`.",
    skipped: "Whether nothing was sent since there was nothing to attach.",
  },
  run: sendMail,
});

async function sendMail(context: TaskContext<EmailOptions>): Promise<TaskResults> {
  const fate: Fate = { mayBeSent: false };
  const outcome = await context.effect<Outcome | { skipped: true }>({
    name: "send",
    cause: (key, signal) => sent(context, key, signal, fate),
    mayHaveHappened: () => fate.mayBeSent,
  });
  const nothing = { accepted: [], rejected: [], response: null, bytes: null, attachments: [] };
  // Settled by a person or by policy: nobody knows what the server said.
  if (!outcome) return { messageId: null, ...nothing, skipped: false };
  if ("skipped" in outcome) return { messageId: null, ...nothing, skipped: true };
  return { ...outcome, skipped: false };
}

async function sent(
  context: TaskContext<EmailOptions>,
  key: string,
  signal: AbortSignal,
  fate: Fate,
): Promise<Outcome | { skipped: true }> {
  const { options, configFolder, log } = context;
  fate.mayBeSent = false;
  const message = await messageOf(context, key);
  if (!message) {
    log.info({ attach: options.attach }, "nothing to attach, no mail is sent");
    return { skipped: true };
  }
  const { messageId } = message;
  const delivery = await sendMessage({ message, options, key, configFolder, signal, log }, fate);
  log.info({ messageId, bytes: delivery.bytes, response: delivery.response }, "mail was sent");
  const attachments = message.attachments.map(({ file, bytes }) => ({ file, bytes }));
  return { messageId, ...delivery, attachments };
}
