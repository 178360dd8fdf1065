import type { CheckLevel } from "../../orchestration/index.ts";
import type { Style } from "../style.ts";

/** How a check came out, in colour. */
export function levelText(level: CheckLevel, style: Style): string {
  if (level === "ok") return style.green(level);
  return level === "warning" ? style.yellow(level) : style.red(level);
}
