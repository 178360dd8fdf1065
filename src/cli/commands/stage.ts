/** `profile`, `generate`, `validate`, `score`, `rank` and `agent`: one stage by itself. */
import type { StageRequest } from "../../orchestration/index.ts";
import { shortPath } from "../figures.ts";
import { progressOf } from "../progress/progress.ts";
import { artifactSummary } from "../render/artifact.ts";
import type { Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export async function stage(session: Session, request: StageRequest): Promise<number> {
  const app = await session.app();
  const done = await app.stage(request, session.hooks(progressOf(session)));
  if (session.flags.json === true) {
    session.printJson(done.result);
    return 0;
  }
  const { cwd } = session.host;
  session.print(...artifactSummary(request, done.result, summaryOptions(session)));
  session.print(...done.written.map((path) => `written: ${shortPath(path, cwd)}`));
  return 0;
}
