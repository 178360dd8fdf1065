/** Whether the programs are there that tasks run. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import type { AccountSettings, Settings } from "../config/index.ts";
import type { Json } from "../core/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { counted, type Flaw, summed } from "./findings.ts";
import { knownValue, type Work, workOf } from "./work.ts";

/** Kinds of task that run a program, under the same options. */
const KINDS = ["command", "restart"];

/** A program as it is looked for. */
interface Program {
  readonly name: string;
  /** Absolute folder that it is run in. */
  readonly cwd: string;
  readonly path: string;
}

export async function commandChecks(
  settings: Settings,
  env: NodeJS.ProcessEnv,
): Promise<HealthCheck[]> {
  const found = new Map<string, { program: Program; place: string }>();
  for (const work of KINDS.flatMap((kind) => workOf(settings, kind))) {
    for (const account of settings.accounts) {
      const program = programOf(work, account, settings.configFolder, env);
      if (program) found.set(JSON.stringify(program), { program, place: work.place });
    }
  }
  if (found.size === 0) return [];
  const flaws: Flaw[] = [];
  for (const { program, place } of found.values()) {
    const flaw = await flawOf(program);
    if (flaw !== undefined) flaws.push({ level: "failing", text: `${place}: ${flaw}` });
  }
  const names = new Set([...found.values()].map(({ program }) => program.name));
  return [
    summed("commands", flaws, {
      well: `${counted(names.size, "program")} found: ${[...names].join(", ")}`,
      remedy: "Install what is missing, name it by its whole path, or set PATH for the service.",
    }),
  ];
}

/** Undefined where only a run knows which program it is, or a shell finds it. */
function programOf(
  { options }: Work,
  account: AccountSettings,
  configFolder: string,
  env: NodeJS.ProcessEnv,
): Program | undefined {
  const known = (value: Json | undefined) => textOr(value, account, env);
  const { command, cwd = ".", env: own } = options;
  const name = Array.isArray(command) ? known(command[0]) : undefined;
  const folder = known(cwd);
  if (name === undefined || folder === undefined) return undefined;
  const ownPath =
    typeof own === "object" && own !== null && "PATH" in own ? own["PATH"] : undefined;
  const path = ownPath === undefined ? env["PATH"] : known(ownPath);
  return { name, cwd: resolve(configFolder, folder), path: path ?? "" };
}

function textOr(value: Json | undefined, account: AccountSettings, env: NodeJS.ProcessEnv) {
  const known = knownValue(value, account, env);
  return typeof known === "string" ? known : undefined;
}

async function flawOf({ name, cwd, path }: Program): Promise<string | undefined> {
  if (!(await isFolder(cwd))) return `${name}: there is no folder ${cwd} to run it in`;
  const isPath = isAbsolute(name) || /[/\\]/.test(name);
  const places = isPath
    ? [resolve(cwd, name)]
    : path.split(delimiter).map((one) => join(one, name));
  for (const place of places) if (await isProgram(place)) return undefined;
  return isPath ? `${places[0]} is no program` : `${name} is not on PATH`;
}

async function isProgram(path: string): Promise<boolean> {
  for (const ending of endings()) {
    const file = path + ending;
    if ((await isExecutable(file)) && !(await isFolder(file))) return true;
  }
  return false;
}

/** What Windows adds to a name in looking for it. */
function endings(): readonly string[] {
  if (process.platform !== "win32") return [""];
  return ["", ...(process.env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";")];
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
