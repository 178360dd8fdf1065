/** References to environment variables in a configuration's texts. */
import { didYouMean } from "../core/index.ts";
import type { Substitute } from "./document.ts";

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` (a literal `${`), `${NAME}`, or a `${` that is neither. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{[^}]*\}?/g;

/** Replaces `${NAME}` by the variable's value; `$${` stands for `${` itself. Values are never shown. */
export function environmentSubstitute(env: Environment): Substitute {
  return (text) => {
    const flaws: string[] = [];
    const value = text.replaceAll(REFERENCE, (whole, name: string | undefined) => {
      if (whole === "$${") return "${";
      if (name === undefined) {
        flaws.push(
          `expected \${NAME}, got ${JSON.stringify(whole)}; a literal \${ is written $\${`,
        );
        return whole;
      }
      const found = env[name];
      if (found !== undefined) return found;
      flaws.push(
        `environment variable ${name} is not set.${didYouMean(name, namesNear(name, env))}`,
      );
      return whole;
    });
    return { value, flaws };
  };
}

/** Short names are near to everything: only variables that share the first letter are offered. */
function namesNear(name: string, env: Environment): string[] {
  return Object.keys(env).filter((other) => other[0] === name[0] && other.length > 3);
}
