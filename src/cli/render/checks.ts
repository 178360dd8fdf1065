/** What `doctor` found. */
import type { CheckLevel, DoctorReport, HealthCheck } from "../../orchestration/index.ts";
import { count } from "../figures.ts";
import { printableLines, widthOf } from "../printable.ts";
import { levelText } from "./level.ts";
import type { SummaryOptions } from "./summary.ts";

const GAP = "  ";

/** Lines of `doctor`: how each check came out, what was found, what to do; then how many came out how. */
export function doctorLines({ checks }: DoctorReport, { style }: SummaryOptions): string[] {
  const levelWidth = Math.max(...checks.map(({ level }) => level.length), 0);
  const nameWidth = Math.max(...checks.map(({ name }) => widthOf(name)), 0);
  const indent = " ".repeat(levelWidth + nameWidth + 2 * GAP.length);
  return [
    ...checks.flatMap((check) => {
      const { level, name } = check;
      const head = [
        levelText(level, style) + " ".repeat(levelWidth - level.length),
        name + " ".repeat(nameWidth - widthOf(name)),
      ].join(GAP);
      const [first = "", ...more] = saidBy(check);
      return [`${head}${GAP}${first}`.trimEnd(), ...more.map((line) => indent + line)];
    }),
    "",
    sums(checks),
  ];
}

function saidBy({ text, remedy }: HealthCheck): string[] {
  const found = printableLines(text).split("\n");
  return remedy === null ? found : [...found, `what to do: ${printableLines(remedy)}`];
}

/** `2 failing, 1 warning, 9 ok`. */
function sums(checks: readonly HealthCheck[]): string {
  const levels: readonly CheckLevel[] = ["failing", "warning", "ok"];
  return levels
    .flatMap((level) => {
      const n = checks.filter((check) => check.level === level).length;
      return n === 0 ? [] : [`${count(n)} ${level}`];
    })
    .join(", ");
}
