/**
 * A stand-in for a desktop program that can only be driven by hand or by a script: it has a window (a
 * process of its own that stays), it takes a workbook in, and sometimes it hangs and has to be
 * restarted.
 *
 *   node desktop.js import FOLDER WORKBOOK    take a workbook in; prints what it did as JSON
 *   node desktop.js stop FOLDER               close it, whatever state it is in
 *   node desktop.js start FOLDER              open it
 *   node desktop.js ready FOLDER              fails unless it is open
 *
 * FOLDER holds its state. A file `hang` in it makes the next import hang.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [, , action, folder, workbook] = process.argv;
const windowFile = join(folder, "window.pid");
mkdirSync(folder, { recursive: true });

const actions = { import: takeIn, stop, start, ready };
const act = actions[action];
if (!act) fail(`expected one of ${Object.keys(actions).join(", ")}, got ${action}`);
else act();

function takeIn() {
  if (!isOpen()) start();
  const hang = join(folder, "hang");
  if (existsSync(hang)) {
    rmSync(hang);
    writeFileSync(join(folder, "hung"), new Date().toISOString());
    // Nobody answers any more, and a polite request to close is not heard.
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 60_000);
    return;
  }
  const bytes = readFileSync(workbook);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  writeFileSync(join(folder, `${sha256.slice(0, 12)}.json`), JSON.stringify({ workbook, sha256 }));
  console.log(JSON.stringify({ workbook, bytes: bytes.length, sha256 }));
}

function start() {
  if (isOpen()) return;
  const window = spawn(process.execPath, ["-e", "setInterval(() => {}, 60_000)", "wifi-desk"], {
    detached: true,
    stdio: "ignore",
  });
  window.unref();
  writeFileSync(windowFile, String(window.pid));
}

function stop() {
  if (!isOpen()) return;
  process.kill(pidOf(), "SIGKILL");
  rmSync(windowFile);
}

function ready() {
  if (!isOpen()) fail("its window is not there");
}

function isOpen() {
  const pid = pidOf();
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pidOf() {
  return existsSync(windowFile) ? Number(readFileSync(windowFile, "utf8")) : 0;
}

function fail(why) {
  console.error(`wifi-desk: ${why}`);
  process.exitCode = 1;
}
