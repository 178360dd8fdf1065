/** `apply` and `undo`: a recipe forwards and its changes backwards. */
import type { ApplyRequest, UndoRequest } from "../../orchestration/index.ts";
import { countsText, counted, shortPath } from "../figures.ts";
import type { Session } from "../session.ts";

export async function apply(session: Session, request: ApplyRequest): Promise<number> {
  const app = await session.app();
  const done = await app.apply(request, session.hooks());
  if (session.flags.json === true) {
    session.printJson({ ok: true, ...done });
    return 0;
  }
  session.print(...done.written.map((path) => `written: ${shortPath(path, session.host.cwd)}`));
  session.print(countsText(done.counts));
  return 0;
}

/** Ends with 1 when the table was undone but its bytes are not those of the original input. */
export async function undo(session: Session, request: UndoRequest): Promise<number> {
  const app = await session.app();
  const done = await app.undo(request, session.hooks());
  if (session.flags.json === true) {
    session.printJson({ ok: done.identical, ...done });
    return done.identical ? 0 : 1;
  }
  const restored = `${counted(done.cellsRestored, "cell")} and ${counted(done.rowsRestored, "row")} restored`;
  const bytes = done.identical
    ? "the bytes are those of the original input"
    : session.style.yellow("the bytes differ from those of the original input");
  session.print(`written: ${shortPath(done.written, session.host.cwd)}`, `${restored}; ${bytes}`);
  return done.identical ? 0 : 1;
}
