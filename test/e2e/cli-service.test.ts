import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cli, type CliProcess, startCli } from "../helpers/cli.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-service-"));
});
afterEach(async () => {
  for (const { child, end } of services.splice(0)) {
    child.kill("SIGKILL");
    await end;
  }
  await rm(folder, { recursive: true, force: true });
});

/** Those of a test, killed when it ends. */
const services: CliProcess[] = [];

const NOTE = `[sh, -c, 'echo "$DATA_WRANGLER_SCHEDULED_AT" >> slots.txt']`;

/** A workflow that writes down each of its runs, by a schedule. */
async function configure(schedule: string, command = NOTE): Promise<void> {
  await writeFile(
    join(folder, "p.yaml"),
    `service: { port: 0 }
timeZone: Europe/Berlin
workflows: { daily: { tasks: { note: { kind: command, command: ${command} } } } }
schedules: { often: ${schedule} }
accounts: [{ id: acme }]
`,
  );
}

function service(...more: string[]): CliProcess {
  const started = startCli(["service", "-c", "p.yaml", ...more], folder);
  services.push(started);
  return started;
}

describe("the built service", () => {
  it("runs slots, tells of them, is seen by other commands, and drains at SIGTERM with 0", async () => {
    await configure("{ every: 1s }");
    const running = service();
    await running.said("service started, listening at http://127.0.0.1:");
    await running.said("run ");
    await running.said("of daily completed after");
    const status = await cli(["status"], folder);
    expect(status.stdout).toMatch(/^service: alive since .*, http:\/\/127\.0\.0\.1:\d+, p\.yaml\n/);
    expect(status.stdout).toMatch(/\nworkflow daily of pipeline: .*, schedule often\n/);
    expect(status.stdout).toMatch(
      /\nnext\nin +at +what +of\n.*schedule often +workflow daily for acme/,
    );
    const list = await cli(["schedule", "list"], folder);
    expect(list.stdout).toMatch(
      /\noften +every 1 s from midnight, .*Europe\/Berlin +daily for acme +active /,
    );
    const busy = await cli(["service", "-c", "p.yaml", "--no-http"], folder);
    expect(busy.code).toBe(75);
    expect(busy.stderr).toContain(`error SERVICE_BUSY`);
    running.child.kill("SIGTERM");
    const { code, stdout, stderr } = await running.end;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("draining: ");
    expect(stderr).toMatch(/service stopped\n$/);
    const slots = (await readFile(join(folder, "slots.txt"), "utf8")).trimEnd().split("\n");
    expect(new Set(slots).size).toBe(slots.length);
  });

  it("reads its configuration anew at SIGHUP, and refuses one that does not hold", async () => {
    await configure('{ at: "03:00" }');
    const running = service("--no-http");
    await running.said("service started, not listening, 1 schedule");
    await running.said("  often ");
    await configure("{ every: 1s }");
    running.child.kill("SIGHUP");
    await running.said("configuration read anew, 1 schedule");
    await running.said("slot often");
    await configure("{ evry: 1s }");
    running.child.kill("SIGHUP");
    await running.said("the new configuration is refused, the old one stays:");
    await running.said('Did you mean "every"?');
    running.child.kill("SIGINT");
    expect((await running.end).code).toBe(0);
  });

  it("leaves the slots of a paused schedule out until it is resumed", async () => {
    await configure("{ every: 1s }");
    const running = service("--no-http");
    await running.said("of daily completed");
    const paused = await cli(["schedule", "pause", "often"], folder);
    expect(paused.stdout).toMatch(/^schedule often: paused since /);
    await running.said("skipped: the schedule is paused");
    const resumed = await cli(["schedule", "resume", "often", "--json"], folder);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ ok: true, schedule: { paused: false } });
    const unknown = await cli(["schedule", "pause", "oftn"], folder);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('Did you mean "often"?');
    running.child.kill("SIGTERM");
    expect((await running.end).code).toBe(0);
  });

  it("ends at once at the second signal, and takes its run up again when it is started anew", async () => {
    await configure("{ every: 1s }", "[sleep, '600']");
    const running = service("--no-http", "--verbose");
    await running.said("acme/note started");
    running.child.kill("SIGTERM");
    await running.said("draining: ");
    running.child.kill("SIGTERM");
    expect((await running.end).code).toBe(143);
    await configure("{ every: 1s, paused: true }", "[sleep, '600']");
    const again = service("--no-http");
    await again.said("taken up again");
    again.child.kill("SIGTERM");
    await again.said("draining: ");
    again.child.kill("SIGTERM");
    expect((await again.end).code).toBe(143);
  });

  it("tells notices as lines of JSON", async () => {
    await configure("{ every: 1s }");
    const running = service("--json");
    await running.said('"type":"run-ended"');
    running.child.kill("SIGTERM");
    const { code, stdout, stderr } = await running.end;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    const types = lines.map((line): string => JSON.parse(line).type);
    expect(types[0]).toBe("started");
    expect(types.slice(-2)).toContain("stopped");
  });
});

describe("the built command without a service", () => {
  it("shows and triggers schedules of a configuration", async () => {
    await configure('{ at: ["03:00", "04:00"], days: mon-fri }');
    const next = await cli(["schedule", "next", "often", "--count", "3", "-c", "p.yaml"], folder);
    expect(next.code).toBe(0);
    expect(next.stdout.trimEnd().split("\n")).toHaveLength(4);
    const trigger = await cli(["schedule", "trigger", "often", "-c", "p.yaml"], folder);
    expect(trigger.code).toBe(0);
    expect(trigger.stdout).toContain("completed: 1 of 1 account");
    const whole = await cli(["workflow", "daily", "-c", "p.yaml", "--quiet"], folder);
    expect({ code: whole.code, stderr: whole.stderr }).toEqual({ code: 0, stderr: "" });
    expect((await readFile(join(folder, "slots.txt"), "utf8")).trimEnd().split("\n")).toHaveLength(
      2,
    );
  });

  it("says that there is nothing yet, and examines what there is", async () => {
    const status = await cli(["status"], folder);
    expect(status.stdout).toContain("No runs yet, and no schedules.");
    await configure('{ at: "03:00" }');
    const doctor = await cli(["doctor", "-c", "p.yaml"], folder);
    expect(doctor.code).toBe(0);
    expect(doctor.stdout).toMatch(/\nok +commands +1 program found: sh\n/);
    await configure('{ at: "25:00" }');
    const broken = await cli(["doctor", "-c", "p.yaml"], folder);
    expect(broken.code).toBe(78);
    expect(broken.stdout).toMatch(
      /^failing +configuration +The configuration file has mistakes\. 1 problem:/,
    );
  });
});
