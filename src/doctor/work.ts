/** What tasks and their steps will do, as far as that is known before they run. */
import type { AccountSettings, Settings } from "../config/index.ts";
import { type Json, secretValue } from "../core/index.ts";
import {
  type Reference,
  resolveReferences,
  type StepDefinition,
  type TaskDefinition,
  type TaskOptions,
} from "../orchestration/index.ts";

/** Work of one kind that a task does itself, or one of its steps. */
export interface Work {
  /** `daily/mail`. */
  readonly place: string;
  readonly kind: string;
  readonly options: TaskOptions;
}

/** All work of one kind in all workflows. */
export function workOf({ workflows }: Pick<Settings, "workflows">, kind: string): Work[] {
  return workflows.flatMap(({ name, tasks }) =>
    tasks.flatMap((task) =>
      [...ownWork(task), ...stepsOf(task)]
        .filter((one) => one.kind === kind)
        .map(({ options }) => ({ place: `${name}/${task.id}`, kind, options })),
    ),
  );
}

/** With its own options, and with each of the alternatives that may take their place. */
function ownWork({ kind, options, recover }: TaskDefinition): Pick<Work, "kind" | "options">[] {
  const others = recover.flatMap((rule) => (rule.do === "alternative" ? rule.options : []));
  return [{ kind, options }].concat(
    others.map((other) => ({ kind, options: { ...options, ...other } })),
  );
}

function stepsOf({ recover, onFailure, finally: last }: TaskDefinition): StepDefinition[] {
  const recovery = recover.flatMap((rule) => (rule.do === "restart" ? rule.steps : []));
  return [...recovery, ...onFailure, ...last];
}

/**
 * A value of an account's options with what is known of its references filled in: variables,
 * secrets, the account itself.
 *
 * @returns undefined when it refers to what only a run knows.
 * @throws {WranglerError} SECRET_MISSING.
 */
export function knownValue(
  value: Json | undefined,
  account: AccountSettings,
  env: NodeJS.ProcessEnv,
): Json | undefined {
  let isKnown = value !== undefined;
  const filled = resolveReferences(value ?? null, (reference) => {
    const found = lookUp(reference, account, env);
    isKnown &&= found !== undefined;
    return found ?? null;
  });
  return isKnown ? filled : undefined;
}

function lookUp(
  reference: Reference,
  { id, vars, secrets }: AccountSettings,
  env: NodeJS.ProcessEnv,
): Json | undefined {
  if (reference.of === "account") return id;
  if (reference.of === "vars") return vars[reference.name];
  if (reference.of === "secrets") return secretValue(secrets[reference.name] ?? "", env);
  return undefined;
}
