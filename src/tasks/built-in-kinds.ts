import { archive } from "./archive/index.ts";
import { command } from "./command/index.ts";
import { download } from "./download/index.ts";
import { email } from "./email/index.ts";
import { excel } from "./excel/index.ts";
import type { TaskKind } from "./kind.ts";
import { module } from "./module/index.ts";
import { notify } from "./notify/index.ts";
import { prepare } from "./prepare/index.ts";
import { restart } from "./restart/index.ts";
import { stages } from "./stages/index.ts";
import { workflow } from "./workflow/index.ts";

/** The kinds that come with the tool, in the order of the documentation; each is registered. */
export const builtInKinds: readonly TaskKind[] = [
  prepare,
  ...stages,
  command,
  module,
  workflow,
  restart,
  download,
  excel,
  email,
  notify,
  archive,
];
