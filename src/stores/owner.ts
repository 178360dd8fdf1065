import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

/** A process that holds something, told apart from a later one that got the same number. */
export const Owner = z.object({
  token: z.string(),
  pid: z.number().int(),
  host: z.string(),
  /** When the process began, in the system's own unit; "" where the system does not tell. */
  born: z.string(),
});
export type Owner = z.infer<typeof Owner>;

/** This process, under a token of its own. */
export function thisOwner(): Owner {
  return { token: randomUUID(), pid: process.pid, host: hostname(), born: birthOf(process.pid) };
}

/** Whether an owner is certainly gone: its process lived on this machine and is no more. */
export function isGone(owner: Owner): boolean {
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  return owner.born !== birthOf(owner.pid);
}

/** Field 22 of Linux's stat file: clock ticks from boot to the start of the process. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field holds the program's name in parentheses and may itself hold blanks.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
