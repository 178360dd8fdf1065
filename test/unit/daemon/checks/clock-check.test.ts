import { expect, test } from "vitest";
import { ClockWatch } from "../../../../src/daemon/checks/index.ts";

const HOUR_MS = 3_600_000;

/** A watch over clocks that the test sets. */
function watched() {
  const now = { wallMs: 1_000_000, steadyMs: 0 };
  const watch = new ClockWatch(() => ({ ...now }));
  return {
    check: (aheadMs = 0) => watch.check(5_000, aheadMs),
    pass: (ms: number, setBy = 0) => {
      now.steadyMs += ms;
      now.wallMs += ms + setBy;
    },
  };
}

test("a clock that drifts a little goes steadily", () => {
  const { check, pass } = watched();
  for (const drift of [0, 400, -300, 4_999]) {
    pass(15_000, drift);
    expect(check().level).toBe("ok");
  }
});

test("a step is told for an hour, forward and back", () => {
  const { check, pass } = watched();
  pass(15_000, 2 * HOUR_MS);
  expect(check()).toMatchObject({
    level: "warning",
    text: "The clock was set forward by 2 h, or the machine slept.",
  });
  pass(HOUR_MS - 1);
  expect(check().level).toBe("warning");
  pass(1);
  expect(check().level).toBe("ok");
  pass(15_000, -90_000);
  expect(check().text).toBe("The clock was set back by 1 min 30 s.");
});

test("a clock far behind what was decided fails, since nothing would come due", () => {
  const { check } = watched();
  expect(check(24 * HOUR_MS).level).toBe("ok");
  expect(check(25 * HOUR_MS)).toMatchObject({ level: "failing", remedy: expect.any(String) });
});

test("the machine's own clocks are read when no others are given", () => {
  expect(new ClockWatch().check(60_000, 0).level).toBe("ok");
});
