import type { SummaryOptions } from "../render/summary.ts";
import type { Session } from "../session.ts";

/** How a command's result is written: as wide as the terminal, as wide as needed elsewhere. */
export function summaryOptions({ host, style, flags }: Session): SummaryOptions {
  const width = host.stdout.isTTY === true ? host.stdout.columns : undefined;
  return { style, cwd: host.cwd, width, verbose: flags.verbose === true };
}
