import { expect, it } from "vitest";
import { settingsFor } from "../../../src/config/index.ts";
import { scheduleChecks } from "../../../src/doctor/schedules.ts";
import { timeThere, zoneCheck } from "../../../src/doctor/times.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const settings = settingsFor({ input: "x.csv", output: "out", cwd: "/data" });

it("tells the time in the zone of the configuration", () => {
  expect(timeThere(now, "Europe/Berlin")).toBe("2026-03-01 13:00");
  expect(zoneCheck({ ...settings, timeZone: "Europe/Berlin" }, now)).toMatchObject({
    level: "ok",
    text: "Europe/Berlin (the machine's own is America/St_Johns), where it is 2026-03-01 13:00",
  });
  expect(zoneCheck(undefined, now).text).toBe(
    "America/St_Johns (the machine's), where it is 2026-03-01 08:30",
  );
  expect(zoneCheck({ ...settings, timeZone: "Europe/Berlinn" }, now)).toMatchObject({
    level: "failing",
    text: '"Europe/Berlinn" is not known on this machine.',
  });
});

it("tells the next slots, and warns of schedules that have none", () => {
  const schedules = [
    scheduleDefinition({ name: "later", rule: { by: "times", times: ["18:00"] } }),
    scheduleDefinition({ name: "sooner", rule: { by: "times", times: ["14:00"] } }),
    scheduleDefinition({ name: "off", paused: true, rule: { by: "times", times: ["13:01"] } }),
  ];
  expect(scheduleChecks({ ...settings, schedules }, now)).toMatchObject([
    {
      level: "ok",
      text: "3 schedules, 1 paused, next sooner 2026-03-01 14:00 Europe/Berlin; later 2026-03-01 18:00 Europe/Berlin",
    },
  ]);
  const never = scheduleDefinition({ rule: { by: "cron", expression: "0 0 30 2 *" } });
  expect(scheduleChecks({ ...settings, schedules: [never] }, now)).toMatchObject([
    { level: "warning", text: "daily: no slot comes within nine years" },
  ]);
  expect(scheduleChecks({ ...settings, schedules: [] }, now)).toEqual([]);
});
