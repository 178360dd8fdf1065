/** Which start of the machine, or of this process, it is: another after each restart. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { WranglerError } from "../../core/index.ts";
import { birthOf } from "../command/index.ts";

const execute = promisify(execFile);

export type RestartScope = "machine" | "service";

/** What other systems than Linux are asked, and answer alike until they are started anew. */
const WINDOWS = "(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()";
const ASKED: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  win32: ["powershell", "-NoProfile", "-Command", WINDOWS],
  darwin: ["sysctl", "-n", "kern.bootsessionuuid"],
};
const ASKED_ELSE = ["sysctl", "-n", "kern.boottime"] as const;

/** @throws {WranglerError} RESTART_FAILED when the system does not tell: nothing must be restarted then. */
export async function identityOf(scope: RestartScope): Promise<string> {
  try {
    const machine = await bootOf();
    if (scope === "machine") return machine;
    const born = await birthOf(process.pid);
    if (born === undefined) throw new Error(`process ${process.pid} is not listed`);
    return `${machine} ${process.pid} ${born}`;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `It could not be told afterwards whether it took place: ${why}`;
    throw new WranglerError("RESTART_FAILED", reason, { scope }, { cause });
  }
}

async function bootOf(): Promise<string> {
  if (process.platform === "linux") {
    return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  }
  const [program, ...args] = ASKED[process.platform] ?? ASKED_ELSE;
  const { stdout } = await execute(program, args);
  const said = stdout.trim();
  if (said === "") throw new Error(`${program} said nothing`);
  return said;
}
