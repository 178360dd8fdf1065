/** All operations by name: the built-in ones and those that user modules define. */
import { didYouMean, WranglerError } from "../core/index.ts";
import type { Operation, OperationDefinition } from "./operation.ts";
import { builtIn } from "./operations/index.ts";

const operations = new Map<string, Operation>(builtIn.map((each) => [each.name, each]));

/** Register an operation under its name; a second one of that name takes its place. */
export function defineOperation<Args>(
  definition: OperationDefinition<Args>,
): OperationDefinition<Args> {
  operations.set(definition.name, definition);
  return definition;
}

/** Names of all registered operations, sorted. */
export function operationNames(): string[] {
  return [...operations.keys()].toSorted((a, b) => (a < b ? -1 : 1));
}

/**
 * The operation of a name.
 *
 * @throws {WranglerError} RECIPE_INVALID when there is none; it names a similar one.
 */
export function findOperation(name: string): Operation {
  const found = operations.get(name);
  if (found) return found;
  const hint = didYouMean(name, operationNames());
  throw new WranglerError("RECIPE_INVALID", `There is no operation "${name}".${hint}`, {
    operation: name,
  });
}
