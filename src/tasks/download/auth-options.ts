/** How a source is shown who asks. */
import { z } from "zod";

export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A value that cannot end its header and begin another one. */
export const HeaderValue = z
  .string()
  .regex(
    /^[\t\u0020-\u007e\u0080-\u00ff]*$/,
    "expected a text without line ends, in Latin letters",
  );

/** Which of some keys of a map are set. */
export function keysOf<Key extends string>(
  map: Readonly<Partial<Record<Key, unknown>>>,
  keys: readonly Key[],
): Key[] {
  return keys.filter((key) => map[key] !== undefined);
}

/** Addresses of requests: http or https, with nothing in them that lets someone in. */
export function addressFlawOf(text: string): string | undefined {
  // What is filled in later takes the place of something that may stand anywhere but in the host.
  const probe = text.replaceAll(/\{[^{}]*\}/g, "0");
  if (!/^https?:\/\//i.test(text) || !URL.canParse(probe)) {
    return "expected an address such as https://portal.example.com/export.csv";
  }
  const { username, password } = new URL(probe);
  return username === "" && password === ""
    ? undefined
    : "expected no user and password in an address; they belong under `auth`";
}

const Login = z
  .strictObject({
    url: z.string().min(1).describe("Address that the form is posted to."),
    fields: z
      .record(z.string(), z.string())
      .describe("Fields of the form, by name: user, password and what else it wants."),
    success: z
      .strictObject({
        status: z
          .int()
          .min(200)
          .max(399)
          .optional()
          .describe("HTTP status of the page after the login; any of success when left out."),
        contains: z
          .string()
          .min(1)
          .optional()
          .describe("Text that the page after the login has and the form itself has not."),
      })
      .default({})
      .describe("How a login that worked is told from one that did not."),
  })
  .superRefine(({ url }, context) => {
    const message = addressFlawOf(url);
    if (message !== undefined) {
      context.addIssue({ code: "custom", message, path: ["url"], input: url });
    }
  });

const KINDS = ["basic", "bearer", "header", "login"] as const;

export const Auth = z
  .strictObject({
    basic: z
      .strictObject({
        user: z.string().describe("Name of the user."),
        password: z.string().describe("Password, such as `${secrets.PORTAL_PASSWORD}`."),
      })
      .optional()
      .describe("Basic authentication."),
    bearer: z
      .strictObject({ token: HeaderValue.min(1).describe("The token.") })
      .optional()
      .describe("A token in the Authorization header."),
    header: z
      .strictObject({
        name: z.string().regex(HEADER_NAME, "expected the name of a header").describe("Its name."),
        value: HeaderValue.min(1).describe("Its value."),
      })
      .optional()
      .describe("A header of its own, such as X-Api-Key."),
    login: Login.optional().describe("A login form, whose cookies go along with each request."),
  })
  .superRefine((auth, context) => {
    if (keysOf(auth, KINDS).length === 1) return;
    const message = `expected one of ${KINDS.join(", ")}`;
    context.addIssue({ code: "custom", message, input: auth });
  });
export type Auth = z.infer<typeof Auth>;
