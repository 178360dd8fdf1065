/** Commands for continuous operation: the service, its schedules, and whether all is there. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DoctorFlags } from "./commands/doctor.ts";
import type { NextFlags, ScheduleFlags } from "./commands/schedule.ts";
import type { ServiceFlags } from "./commands/service.ts";
import { commonOptions, wholeNumber } from "./options.ts";
import type { Perform } from "./perform.ts";

const MAX_SLOTS = 1_000;

/** Adds `service`, `schedule` and `doctor`. */
export function addOperation(program: Command, perform: Perform): void {
  const service = program
    .command("service")
    .description("Run workflows by their schedules, until it is asked to end.")
    .requiredOption("-c, --config <file>", "Configuration file (YAML); SIGHUP reads it anew.")
    .option("--host <address>", "Where /healthz, /readyz and /metrics are answered.")
    .addOption(new Option("--port <number>", "Its port; 0 for any free one.").argParser(port))
    .option("--no-http", "Answer nothing: do not listen.");
  const json = "Print each notice as one line of JSON on stdout, and nothing else.";
  commonOptions(service, json).action(async (flags: ServiceFlags) => {
    if (!flags.http && (flags.host !== undefined || flags.port !== undefined)) {
      service.error("expected either --no-http or --host and --port, got both");
    }
    await perform(flags, async (session) =>
      (await import("./commands/service.ts")).service(session, flags),
    );
  });
  addSchedule(program, perform);
  const doctor = program
    .command("doctor")
    .description("Check that all is there that runs need: nothing is run, nothing is sent.")
    .option("-c, --config <file>", "Configuration file (YAML); without it only the machine.")
    .option("--network", "Also ask the hosts of downloads, and one of them what time it is.");
  commonOptions(doctor).action((flags: DoctorFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/doctor.ts")).doctor(session, flags),
    ),
  );
}

const SCHEDULE = "Name of the schedule.";

function addSchedule(program: Command, perform: Perform): void {
  const schedule = program
    .command("schedule")
    .description("Show and steer schedules: when workflows run by themselves.");
  const list = schedule.command("list").description("List all schedules and how they stand.");
  scheduleOptions(list).action((flags: ScheduleFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/schedule.ts")).list(session, flags),
    ),
  );
  const next = schedule
    .command("next")
    .description("Show which slots come next, and the time left.")
    .argument("[name]", "Name of the schedule; all when left out.")
    .addOption(
      new Option("--count <n>", `How many slots, 1 to ${MAX_SLOTS}.`).argParser(slots).default(10),
    );
  scheduleOptions(next).action((name: string | undefined, flags: NextFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/schedule.ts")).next(session, name, flags),
    ),
  );
  const pause = schedule
    .command("pause")
    .description("Leave the slots of a schedule out until it is resumed.")
    .argument("<name>", SCHEDULE);
  scheduleOptions(pause).action((name: string, flags: ScheduleFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/schedule.ts")).pause(session, name, flags),
    ),
  );
  const resume = schedule
    .command("resume")
    .description("Have a paused schedule run again, from its next slot on.")
    .argument("<name>", SCHEDULE);
  scheduleOptions(resume).action((name: string, flags: ScheduleFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/schedule.ts")).resume(session, name, flags),
    ),
  );
  const trigger = schedule
    .command("trigger")
    .description("Run now, in this process, what a schedule runs; its slots stay as they are.")
    .argument("<name>", SCHEDULE);
  scheduleOptions(trigger).action((name: string, flags: ScheduleFlags) =>
    perform(flags, async (session) =>
      (await import("./commands/run.ts")).trigger(session, name, flags.config),
    ),
  );
}

function scheduleOptions(command: Command): Command {
  return commonOptions(
    command.option(
      "-c, --config <file>",
      "Configuration file (YAML); that of the last service of the folder of checkpoints when left out.",
    ),
  );
}

function port(text: string): number {
  const n = wholeNumber(text);
  if (n <= 65_535) return n;
  throw new InvalidArgumentError("Expected a port, 0 to 65535.");
}

function slots(text: string): number {
  const n = wholeNumber(text);
  if (n >= 1 && n <= MAX_SLOTS) return n;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_SLOTS}.`);
}
