/** `check` and `graph`: what a configuration says, without running it. */
import { resolve } from "node:path";
import { writeText } from "../../core/index.ts";
import type { GraphFormat } from "../../orchestration/index.ts";
import { counted, shortPath } from "../figures.ts";
import { printable } from "../printable.ts";
import type { CommonFlags, Session } from "../session.ts";

export interface GraphFlags extends CommonFlags {
  readonly config: string;
  readonly workflow?: string;
  readonly format: GraphFormat;
  readonly output?: string;
}

export async function check(session: Session, configPath: string): Promise<number> {
  const app = await session.app();
  const checked = await app.check(configPath);
  const parts = [
    counted(checked.accounts.length, "account"),
    ...checked.workflows.map(
      ({ name, tasks, dependencies }) =>
        `workflow ${printable(name)}: ${counted(tasks, "task")}, ${counted(dependencies, "dependency", "dependencies")}`,
    ),
  ];
  session.show({ ok: true, ...checked }, () => [`ok: ${parts.join(", ")}`]);
  return 0;
}

/** The drawing goes to stdout or to a file; it is not for people only, so nothing else goes with it. */
export async function graph(session: Session, flags: GraphFlags): Promise<number> {
  const { config, format, workflow, output } = flags;
  const app = await session.app();
  const drawing = await app.graph(config, format, workflow);
  const text = drawing.endsWith("\n") ? drawing : `${drawing}\n`;
  if (output === undefined) {
    session.host.stdout.write(text);
    return 0;
  }
  const path = resolve(session.host.cwd, output);
  await writeText(path, text);
  session.print(`written: ${shortPath(path, session.host.cwd)}`);
  return 0;
}
