/** Kind `email`: mails by SMTP, and a look at whether a mail server would take one. */
export { checkMailServer, type MailServerCheck } from "./check-mail-server.ts";
export { email } from "./email.ts";
