import { WranglerError } from "../../core/index.ts";
import { domainOf, isAllowed, type MailAddress, parseAddress } from "./address.ts";
import type { EmailOptions } from "./email-options.ts";

/** Who a mail is from and goes to. */
export interface Receivers {
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: MailAddress | undefined;
  /** Addresses of all receivers, each once: exactly those that the server is told. */
  readonly all: readonly string[];
}

/**
 * The addresses of a mail, read by our own strict reader.
 *
 * @throws {WranglerError} EMAIL_INVALID for what is no address, for none at all, and for a domain
 *   that is not allowed.
 */
export function receiversOf(options: EmailOptions): Receivers {
  const to = read(options.to);
  const cc = read(options.cc);
  const bcc = read(options.bcc);
  const all = [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))];
  if (all.length === 0) {
    throw new WranglerError("EMAIL_INVALID", "Expected at least one receiver in to, cc or bcc.");
  }
  const { allowDomains } = options;
  const strangers = allowDomains
    ? all.filter((address) => !isAllowed(domainOf(address), allowDomains))
    : [];
  if (strangers.length > 0) {
    const reason = `Not in a domain of allowDomains: ${strangers.join(", ")}.`;
    throw new WranglerError("EMAIL_INVALID", reason, { receivers: strangers });
  }
  const replyTo = options.replyTo === undefined ? undefined : parseAddress(options.replyTo);
  return { from: parseAddress(options.from), to, cc, bcc, replyTo, all };
}

function read(given: string | readonly string[]): MailAddress[] {
  return [given].flat().map((one) => parseAddress(one));
}
