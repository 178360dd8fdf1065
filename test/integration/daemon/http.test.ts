import { createServer, request } from "node:http";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../../helpers/held-run.ts";
import { parseMetrics, valueOf } from "../../helpers/metrics-text.ts";
import {
  clockAt,
  note,
  pipeline,
  served,
  type ServedOptions,
  withPlace,
} from "../../helpers/served.ts";

const LISTENING = `
schedules: { daily: { at: "09:00" } }
service: { port: 0, checks: { diskFree: 1KB } }`;

const NOON = Date.parse("2026-03-02T12:00:00.000Z");

async function listening(options: Partial<ServedOptions> = {}, more = LISTENING) {
  const place = options.place ?? (await withPlace(pipeline({ more })));
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const service = await served({ place, clock, ...options });
  const { url } = await service.told("started");
  return { ...service, place, clock, url: url ?? "" };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** With any header that a client may send. */
async function ask(
  url: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  const sent = request(url, { headers, method, agent: false });
  sent.end();
  const [response] = await once(sent, "response");
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

test("it tells whether it is alive and ready, with its checks", async () => {
  const { url, app } = await listening();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await app.overview()).service?.url).toBe(url);
  const alive = await ask(`${url}/healthz`);
  expect([alive.status, JSON.parse(alive.body)]).toEqual([200, { status: "ok" }]);
  expect(alive.headers["cache-control"]).toBe("no-store");
  const ready = await ask(`${url}/readyz`);
  expect(ready.status).toBe(200);
  const { checks } = JSON.parse(ready.body);
  expect(checks.map(({ name }: { name: string }) => name)).toEqual([
    "store",
    "disk",
    "memory",
    "clock",
    "loop",
    "tasks",
    "schedules",
    "runs",
  ]);
});

test("a failing check makes it not ready, and it stays alive", async () => {
  const { url } = await listening({}, LISTENING.replace("1KB", "900000GB"));
  const ready = await ask(`${url}/readyz`);
  expect(ready.status).toBe(503);
  expect(JSON.parse(ready.body)).toMatchObject({ status: "failing" });
  expect((await ask(`${url}/healthz`)).status).toBe(200);
});

test("on a loopback address it answers only to names of it", async () => {
  const { url } = await listening();
  const port = new URL(url).port;
  for (const host of [
    `localhost:${port}`,
    `127.0.0.1:${port}`,
    "LOCALHOST",
    "127.8.8.8",
    `[::1]:${port}`,
  ]) {
    expect([host, (await ask(`${url}/metrics`, { host })).status]).toEqual([host, 200]);
  }
  const foreign = ["evil.example", `evil.example:${port}`, "localhost.evil.example", "10.0.0.1"];
  for (const host of foreign) {
    for (const path of ["healthz", "readyz", "metrics", ""]) {
      expect([host, path, (await ask(`${url}/${path}`, { host })).status]).toEqual([
        host,
        path,
        421,
      ]);
    }
  }
});

test("nothing else is answered", async () => {
  const { url } = await listening();
  expect((await ask(`${url}/`)).status).toBe(404);
  expect((await ask(`${url}/../etc/passwd`)).status).toBe(404);
  expect((await ask(`${url}/healthz`, {}, "POST")).status).toBe(404);
});

test("what it did is counted, in a form that Prometheus reads", async () => {
  const { clock, place, drain } = await listening();
  await clock.advance(NOON);
  await place.write(pipeline({ tasks: `one: { ${note}, with: { fails: no } }`, more: LISTENING }));
  await drain();
  const again = await listening({ place, clock });
  await clock.advance(NOON + 86_400_000);
  const { body, headers } = await ask(`${again.url}/metrics`);
  expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
  const families = parseMetrics(body);
  const value = (name: string, labels?: Record<string, string>) =>
    valueOf(families, `data_wrangler_${name}`, labels);
  expect(value("runs_total", { workflow: "default", status: "FAILED" })).toBe(1);
  expect(value("tasks_total", { kind: "module", status: "FAILED" })).toBe(1);
  expect(value("attempts_total", { kind: "module" })).toBe(1);
  expect(value("slots_total", { schedule: "daily", status: "STARTED" })).toBe(1);
  expect(value("slots_total", { schedule: "daily", status: "ENDED" })).toBe(1);
  expect(value("slot_lateness_seconds_count")).toBe(1);
  expect(value("slot_lateness_seconds_sum")).toBe(0);
  expect(value("runs_active")).toBe(0);
  expect(value("tasks_running")).toBe(0);
  expect(value("store_bytes")).toBeGreaterThan(10_000);
  expect(value("check", { check: "store" })).toBe(0);
  expect(value("effects_uncertain_total")).toBe(0);
  // the last success was before this service began
  const success = value("last_success_timestamp_seconds", { workflow: "default" });
  expect(success).toBe(Date.parse("2026-03-02T09:00:00.000Z") / 1_000);
  expect(families.get("data_wrangler_task_duration_seconds")?.type).toBe("histogram");
  expect(valueOf(families, "process_resident_memory_bytes")).toBeGreaterThan(0);
});

test("no label is of a run, an account or a text that comes from outside", async () => {
  const { url, clock } = await listening();
  await clock.advance(NOON);
  const families = parseMetrics((await ask(`${url}/metrics`)).body);
  const own = [...families].filter(([name]) => name.startsWith("data_wrangler_"));
  const labels = new Set(
    own.flatMap(([, { samples }]) => samples.flatMap((sample) => Object.keys(sample.labels))),
  );
  expect([...labels].toSorted()).toEqual([
    "check",
    "kind",
    "le",
    "schedule",
    "status",
    "version",
    "workflow",
  ]);
});

test("while it drains it is not ready, and alive", async () => {
  const place = await withPlace(
    pipeline({ tasks: `one: { ${note}, with: { hold: wait } }`, more: LISTENING }),
  );
  await writeFile(join(place.folder, "wait"), "");
  const { url, clock, drain, told, events } = await listening({ place });
  const passing = clock.advance(NOON);
  await until(() => events.some(({ type }) => type === "task-started"));
  const ended = drain();
  await told("draining");
  expect((await ask(`${url}/readyz`)).status).toBe(503);
  expect((await ask(`${url}/healthz`)).status).toBe(200);
  await rm(join(place.folder, "wait"));
  expect(await ended).toEqual({ reason: "drained" });
  await passing;
  await expect(ask(`${url}/healthz`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("a port that is taken is told, and nothing is started", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const place = await withPlace(pipeline({ more: LISTENING }));
  await expect(served({ place, port })).rejects.toMatchObject({
    code: "SERVICE_ADDRESS",
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
  // the store is free for another try
  const { url } = await listening({ place });
  expect((await ask(`${url}/healthz`)).status).toBe(200);
});

test("host and port of the request go before those of the configuration; without http it does not listen", async () => {
  const place = await withPlace(pipeline({ more: LISTENING.replace("port: 0", "port: off") }));
  const { url, drain } = await listening({ place, host: "::1", port: 0 });
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await ask(`${url}/healthz`)).status).toBe(200);
  await drain();
  const silent = await listening({ place, port: 0, http: false });
  expect(silent.url).toBe("");
});
