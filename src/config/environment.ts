/** References to environment variables in a configuration's texts. */
import { didYouMean } from "../core/index.ts";
import type { Substitute } from "./document.ts";
import type { Path } from "./problems.ts";

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` (a literal `${`), `${NAME}`, or a `${` that is neither. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{[^}]*\}?/g;

/** What is known only when a task starts. */
const OF_A_RUN = /^\$\{(tasks|run|account|vars|secrets)[.[]/;
/** The same without a name: no variable of the environment, below `workflows`. */
const OF_A_RUN_BARE = /^\$\{(tasks|run|account|vars|secrets)\}$/;

/** Whether a text looks like a reference to what a run knows: all else is a matter of this file. */
export function isOfRun(reference: string): boolean {
  return OF_A_RUN.test(reference) || OF_A_RUN_BARE.test(reference);
}

/**
 * Replaces `${NAME}` by the variable's value; `$${` stands for `${` itself. Values are never shown.
 * Below `workflows` references to what a run knows stay as they are, and `$${` with them, until
 * the task starts.
 */
export function environmentSubstitute(env: Environment): Substitute {
  return (text, path) => {
    const flaws: string[] = [];
    const inWorkflow = path[0] === "workflows";
    const value = text.replaceAll(REFERENCE, (whole, name: string | undefined) => {
      if (whole === "$${") return inWorkflow ? whole : "${";
      if (inWorkflow && isOfRun(whole)) return whole;
      if (name === undefined) {
        flaws.push(flawOf(whole, path));
        return whole;
      }
      const found = env[name];
      // what comes from outside is never a reference itself
      if (found !== undefined) return inWorkflow ? found.replaceAll("${", "$$${") : found;
      flaws.push(
        `environment variable ${name} is not set.${didYouMean(name, namesNear(name, env))}`,
      );
      return whole;
    });
    return { value, flaws };
  };
}

function flawOf(whole: string, path: Path): string {
  const came = JSON.stringify(whole);
  if (OF_A_RUN.test(whole)) {
    return `expected \${NAME} of an environment variable, got ${came}; tasks, run, account, vars and secrets are known only to options of tasks below workflows`;
  }
  const forms =
    path[0] === "workflows"
      ? "${NAME} or a reference such as ${tasks.ID.NAME}, ${run.id}, ${account.id}, ${vars.NAME} or ${secrets.NAME}"
      : "${NAME}";
  return `expected ${forms}, got ${came}; a literal \${ is written $\${`;
}

/** Short names are near to everything: only variables that share the first letter are offered. */
function namesNear(name: string, env: Environment): string[] {
  return Object.keys(env).filter((other) => other[0] === name[0] && other.length > 3);
}
