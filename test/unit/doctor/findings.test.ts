import { expect, it } from "vitest";
import { WranglerError, keepMasked } from "../../../src/core/index.ts";
import { failedBy, type Flaw, orFailed, summed } from "../../../src/doctor/findings.ts";

const said = { well: "all there", remedy: "Do it." };
const warning: Flaw = { level: "warning", text: "a" };
const failing: Flaw = { level: "failing", text: "b" };

it("is as bad as its worst flaw, and tells each once", () => {
  expect(summed("x", [], said)).toEqual({
    name: "x",
    level: "ok",
    text: "all there",
    remedy: null,
  });
  expect(summed("x", [warning, warning], said)).toEqual({
    name: "x",
    level: "warning",
    text: "a",
    remedy: "Do it.",
  });
  expect(summed("x", [warning, failing], said)).toMatchObject({ level: "failing", text: "a\nb" });
});

it("tells so many flaws", () => {
  const flaws = Array.from({ length: 25 }, (_, i) => ({ ...warning, text: `${i}` }));
  const lines = summed("x", flaws, said).text.split("\n");
  expect(lines.slice(-2)).toEqual(["19", "and 5 more"]);
});

it("tells an error without the secrets in it", () => {
  keepMasked("hunter22");
  expect(failedBy("x", new WranglerError("EMAIL_REFUSED", "said hunter22."))).toMatchObject({
    level: "failing",
    text: "The mail server refused a message for good. said ***.",
    remedy: expect.stringContaining("credentials"),
  });
});

it("has a check that could not be made fail", async () => {
  const checks = await orFailed("x", () => Promise.reject(new Error("no such disk")));
  expect(checks).toMatchObject([{ name: "x", level: "failing", text: "no such disk" }]);
});
