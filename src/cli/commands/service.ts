/** `service`: continuous operation. */
import type { ScheduleReport, ServiceNotice } from "../../orchestration/index.ts";
import { exitOfService } from "../exit.ts";
import { clock } from "../figures.ts";
import { printable } from "../printable.ts";
import { ServiceTalk } from "../progress/service-talk.ts";
import type { CommonFlags, Session } from "../session.ts";

export interface ServiceFlags extends CommonFlags {
  readonly config: string;
  readonly host?: string;
  readonly port?: number;
  /** False with `--no-http`. */
  readonly http: boolean;
}

export async function service(session: Session, flags: ServiceFlags): Promise<number> {
  const { host, interruption } = session;
  const { config: configPath, http } = flags;
  session.jsonInLines();
  const app = await session.app();
  host.stdout.keepGoing?.();
  host.stderr.keepGoing?.();
  const talk = new ServiceTalk(session.errorStyle, flags.verbose === true);
  const slots = new SlotTalk(session, talk, () => app.schedules(configPath));
  const end = await app.serve(
    {
      configPath,
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.port === undefined ? {} : { port: flags.port }),
      ...(http ? {} : { http }),
    },
    {
      signal: interruption.signal,
      drain: interruption.draining(),
      onReload: (reload) => host.onReload(reload),
      onNotice: (notice) => {
        if (session.flags.json === true) session.printJson(notice);
        session.talk(...talk.notice(notice));
        slots.after(notice);
      },
      onEvent: (event) => {
        const line = talk.event(event);
        if (line !== undefined) session.talk(line);
      },
    },
  );
  await slots.told;
  return exitOfService(end, interruption);
}

/** Tells which slots come next, whenever that may have changed. */
class SlotTalk {
  readonly #session: Session;
  readonly #schedules: () => Promise<readonly ScheduleReport[]>;
  readonly #talk: ServiceTalk;
  /** Resolves when all is told. */
  told: Promise<void> = Promise.resolve();

  constructor(
    session: Session,
    talk: ServiceTalk,
    schedules: () => Promise<readonly ScheduleReport[]>,
  ) {
    this.#session = session;
    this.#talk = talk;
    this.#schedules = schedules;
  }

  after({ type }: ServiceNotice): void {
    if (!this.#session.talkative || (type !== "started" && type !== "reloaded")) return;
    this.told = this.told.then(() => this.#tell());
  }

  async #tell(): Promise<void> {
    const now = this.#session.host.now();
    try {
      this.#session.talk(...this.#talk.slots(await this.#schedules(), now));
    } catch (error) {
      // the service goes on: only this picture of it is missing
      const why = error instanceof Error ? error.message : String(error);
      this.#session.talk(`${clock(now)} the next slots are not known: ${printable(why)}`);
    }
  }
}
