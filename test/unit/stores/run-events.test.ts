import { expect, test } from "vitest";
import type { ProgressEvent } from "../../../src/orchestration/index.ts";
import { mergeEvents, RunEvents } from "../../../src/stores/run-events.ts";

function event(seq: number): ProgressEvent {
  return { type: "run-draining", reason: "", runId: "r1", seq, at: "2026-01-01T00:00:00.000Z" };
}

/** A file that has other events each time it is read. */
function fileOf(...reads: readonly number[][]) {
  let read = 0;
  return {
    after: (_runId: string, seq: number) =>
      (reads[read++] ?? []).filter((one) => one > seq).map((one) => event(one)),
  };
}

const seqs = (events: readonly ProgressEvent[]) => events.map(({ seq }) => seq);

test("events of several files come in one sequence", () => {
  expect(seqs(mergeEvents([fileOf([2, 5]), fileOf([1, 3, 4])], "r1", 1))).toEqual([2, 3, 4, 5]);
  expect(mergeEvents([fileOf([])], "r1", 3)).toEqual([]);
});

test("an event written after its file was read is not passed over", () => {
  // The second file is read later: it already has 3, whose forerunner 2 the first one got since.
  const files = [fileOf([1], [1, 2, 4]), fileOf([3], [3, 5])];
  expect(seqs(mergeEvents(files, "r1", 0))).toEqual([1, 2, 3]);
});

test("numbers go on after what is on disk, for each run by itself", () => {
  const events = new RunEvents();
  events.countFrom("r1", 7);
  events.countFrom("r1", 5);
  expect(events.sequence("r1").next()).toBe(8);
  expect(events.sequence("r1").next()).toBe(9);
  expect(events.sequence("r2").next()).toBe(1);
  events.forget("r1");
  events.countFrom("r1", 2);
  expect(events.sequence("r1").next()).toBe(3);
});

test("listeners hear the events of their run until they stop", () => {
  const events = new RunEvents();
  const heard: string[] = [];
  const stop = events.listen("r1", ({ seq }) => heard.push(`one ${seq}`));
  events.listen("r1", ({ seq }) => heard.push(`two ${seq}`));
  events.listen("r2", ({ seq }) => heard.push(`other ${seq}`));
  events.emit(event(1));
  stop();
  stop();
  events.emit(event(2));
  expect(heard).toEqual(["one 1", "two 1", "two 2"]);
});
