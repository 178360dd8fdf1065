import { WranglerError } from "../../core/index.ts";
import { type ConversationTerms, withMailServer } from "./conversation.ts";
import { MailServer, placeOf, type ServerPlace } from "./mail-server.ts";

/** What was found out about a mail server. */
export interface MailServerCheck extends ServerPlace {
  /** Whether the conversation was encrypted. */
  readonly encrypted: boolean;
  readonly loggedIn: boolean;
}

/**
 * Connect to a mail server, greet, encrypt and log in as a task would, and leave without a mail.
 *
 * @param server - Option `server` of a task of kind `email`, its secrets resolved.
 * @throws {WranglerError} CONFIG_INVALID when the option is not one; EMAIL_FAILED, EMAIL_REFUSED or
 *   EMAIL_INVALID with what a task would fail with
 */
export async function checkMailServer(
  server: unknown,
  terms: ConversationTerms,
): Promise<MailServerCheck> {
  const checked = MailServer.safeParse(server);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const at = ["server", ...(issue?.path ?? [])].map(String).join(".");
    throw new WranglerError("CONFIG_INVALID", `${at}: ${issue?.message ?? "unknown flaw"}`);
  }
  return withMailServer(checked.data, terms, async (connection) => ({
    ...placeOf(checked.data),
    encrypted: connection.secure,
    loggedIn: connection.authenticated,
  }));
}
