import { ERRORS, type WranglerError } from "../../core/index.ts";

/** What an error says beside the meaning of its code. */
export function reasonOf({ code, message }: WranglerError): string {
  return message.slice(ERRORS[code].meaning.length).trim();
}
