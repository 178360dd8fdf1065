/** What happened, as lines of a timeline. */

const ZONE = "Europe/Berlin";

/** `Mon 09:30:05` */
export function timeOfDay(atMs) {
  return new Date(atMs)
    .toLocaleString("en-GB", {
      timeZone: ZONE,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    })
    .replace(",", "");
}

/** @returns {{ who: string, what: string } | undefined} */
export function eventLine(event) {
  const { type, account, task } = event;
  const who = `${account} ${task}`;
  switch (type) {
    case "task-started":
      return { who, what: event.attempt === 1 ? "starts" : `starts, attempt ${event.attempt}` };
    case "task-retrying":
      return { who, what: `failed: ${event.message.split("\n")[0]} → ${event.next}` };
    case "task-finished": {
      const reason = event.reason ? `: ${event.reason.split("\n")[0]}` : "";
      return { who, what: `${event.status}${reason}` };
    }
    case "task-waiting":
      return { who, what: `waits: ${event.reason}` };
    default:
      return undefined;
  }
}

/** @returns {{ who: string, what: string } | undefined} */
export function noticeLine(notice) {
  switch (notice.type) {
    case "slot": {
      const { schedule, status, reason } = notice.slot;
      return { who: "schedule", what: `${schedule} ${status}${reason ? `: ${reason}` : ""}` };
    }
    case "run-resumed":
      return { who: "service", what: `goes on with run ${notice.runId}` };
    case "run-ended":
      return { who: "service", what: `${notice.workflow} ${notice.status}` };
    case "handing-over":
      return { who: "service", what: `hands over to: ${notice.to}` };
    default:
      return undefined;
  }
}
