import { command } from "./command/index.ts";
import type { TaskKind } from "./kind.ts";
import { module } from "./module/index.ts";
import { prepare } from "./prepare/index.ts";
import { stages } from "./stages/index.ts";
import { workflow } from "./workflow/index.ts";

/** The kinds that come with the tool, in the order of the documentation; each is registered. */
export const builtInKinds: readonly TaskKind[] = [prepare, ...stages, command, module, workflow];
