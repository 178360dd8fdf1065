import type { HealthCheck } from "../../orchestration/index.ts";
import { ON_TIME_MS, type SlotRecord } from "../../schedule/index.ts";
import { counted } from "./words.ts";

/** Whether slots of the last day were left out for want of somebody to start them, or started late. */
export function scheduleCheck(
  slots: readonly SlotRecord[],
  failures: readonly { readonly key: string; readonly message: string }[],
): HealthCheck {
  const name = "schedules";
  const [failure] = failures;
  if (failure) {
    const text = `Slot ${failure.key} could not be started: ${failure.message}`;
    const remedy = "It is tried again until its window is over; see the service's log.";
    return { name, level: "warning", text, remedy };
  }
  const missed = slots.filter(({ status }) => status === "MISSED");
  const late = slots.filter(isLate);
  const of = `of ${counted(slots.length, "slot")} of the last day`;
  const [first] = missed;
  if (first) {
    const why = first.reason === null ? "." : `: ${first.reason}.`;
    const text = `${missed.length} ${of} ${missed.length === 1 ? "was" : "were"} missed${why}`;
    const remedy = "data-wrangler schedule list tells which; schedule trigger runs one now.";
    return { name, level: "warning", text, remedy };
  }
  const text =
    late.length > 0
      ? `${late.length} ${of} started late.`
      : `${counted(slots.length, "slot")} of the last day, none missed.`;
  return { name, level: "ok", text, remedy: null };
}

function isLate({ status, at, startAt, runId }: SlotRecord): boolean {
  // of one that has ended its start is not told any more
  return (
    status === "STARTED" && runId !== null && Date.parse(at) - Date.parse(startAt) > ON_TIME_MS
  );
}
