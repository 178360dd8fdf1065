import type { HealthCheck } from "../../orchestration/index.ts";
import { counted } from "./words.ts";

/** Whether there are runs that nobody will go on with by themselves. */
export function runCheck(
  refused: readonly { readonly runId: string; readonly message: string }[],
  waitingForPerson: readonly string[],
): HealthCheck {
  const name = "runs";
  const [broken] = refused;
  if (broken) {
    const others = refused.length > 1 ? ` So it is with ${refused.length - 1} more.` : "";
    const text = `Run ${broken.runId} cannot be taken up: ${broken.message}${others}`;
    const remedy = `Mend what it says, or end it: data-wrangler cancel ${broken.runId}`;
    return { name, level: "warning", text, remedy };
  }
  const [asking] = waitingForPerson;
  if (asking !== undefined) {
    const text = `${counted(waitingForPerson.length, "run")} wait${waitingForPerson.length === 1 ? "s" : ""} for a person.`;
    return { name, level: "warning", text, remedy: `data-wrangler status ${asking}` };
  }
  return { name, level: "ok", text: "No run waits for a person.", remedy: null };
}
