import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * When a process began, in the system's own words: with its number it names a process for good,
 * while the number alone comes back. Undefined when there is no such process, or the system does
 * not tell.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") return linuxFacts(pid).then((facts) => facts?.born);
  const [program, ...args] =
    process.platform === "win32"
      ? ["powershell", "-NoProfile", "-Command", `(Get-Process -Id ${pid}).StartTime.Ticks`]
      : ["ps", "-o", "lstart=", "-p", String(pid)];
  return execute(program ?? "", args).then(
    ({ stdout }) => stdout.trim().replaceAll(/\s+/g, " ") || undefined,
    () => undefined,
  );
}

/** What Linux tells of a process that lives. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly born: string;
}

/** From Linux's stat file (proc_pid_stat(5)); undefined for a process that has ended or is a zombie. */
export async function linuxFacts(pid: number): Promise<ProcessFacts | undefined> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch {
    // It has ended since its number was read.
    return undefined;
  }
  // The second field holds the program's name in parentheses and may itself hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "", parent = "", group = ""] = fields;
  if (/[ZXx]/.test(state)) return undefined;
  return { pid, parent: Number(parent), group: Number(group), born: fields[19] ?? "" };
}
