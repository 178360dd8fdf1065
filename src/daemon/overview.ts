import type { Overview, RunReport } from "../orchestration/index.ts";
import { comingTasksOf } from "./coming-tasks.ts";
import { comingSlots, type KnownSchedule } from "./schedule-reports.ts";
import { isoOf, type Workshop } from "./workshop.ts";

/** How all stands. */
export async function overviewOf(
  workshop: Workshop,
  schedules: readonly KnownSchedule[],
  nowMs: number,
): Promise<Overview> {
  const { store, views } = workshop;
  const latest = store.runs.latest().map(({ runId }) => views.report(runId));
  const unfinished = store.runs.unfinished().map(({ runId }) => views.report(runId));
  const coming = await Promise.all(
    unfinished.map(async ({ run, tasks }) => {
      // of a damaged run that much is not known
      const settings = await workshop.settingsOf(run.runId).catch(() => undefined);
      return comingTasksOf(run, tasks, settings, nowMs);
    }),
  );
  return {
    at: isoOf(nowMs),
    workflows: [...latest.filter(isUnfinished), ...latest.filter((one) => !isUnfinished(one))].map(
      ({ run, tasks }) => ({ run, tasks }),
    ),
    comingTasks: coming.flat().toSorted((a, b) => (a.startAt < b.startAt ? -1 : 1)),
    comingSlots: schedules
      .flatMap((schedule) => comingSlots([schedule], store.slots.pending(), { nowMs, count: 1 }))
      .toSorted((a, b) => (a.startAt < b.startAt ? -1 : 1)),
    service: store.service.read() ?? null,
  };
}

function isUnfinished({ run }: RunReport): boolean {
  return run.status === "RUNNING" || run.status === "WAITING";
}
