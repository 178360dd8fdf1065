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

const numberOf = (events: RunEvents, runId: string) => events.announce(runId).next();

test("numbers go on after what is on disk, for each run by itself", () => {
  const events = new RunEvents();
  events.countFrom("r1", 7);
  events.countFrom("r1", 5);
  expect(numberOf(events, "r1")).toBe(8);
  expect(numberOf(events, "r1")).toBe(9);
  expect(numberOf(events, "r2")).toBe(1);
  events.forget("r1");
  events.countFrom("r1", 2);
  expect(numberOf(events, "r1")).toBe(3);
});

/** So many events on their way to disk, and how to have them told. */
function announced(events: RunEvents, runId: string, count: number) {
  const news = events.announce(runId);
  const told = Array.from({ length: count }, () => ({ ...event(news.next()), runId }));
  return { drop: () => news.drop(), tell: () => news.tell(told) };
}

test("listeners hear the events of their run until they stop", () => {
  const events = new RunEvents();
  const heard: string[] = [];
  const stop = events.listen("r1", ({ seq }) => heard.push(`one ${seq}`));
  events.listen("r1", ({ seq }) => heard.push(`two ${seq}`));
  events.listen("r2", ({ seq }) => heard.push(`other ${seq}`));
  announced(events, "r1", 1).tell();
  stop();
  stop();
  announced(events, "r1", 1).tell();
  expect(heard).toEqual(["one 1", "two 1", "two 2"]);
});

test("events are told in the order of their numbers, whichever is on disk first", async () => {
  const events = new RunEvents();
  const heard: number[] = [];
  events.listen("r1", ({ seq }) => heard.push(seq));
  const [slow, fast, last] = [2, 1, 1].map((count) => announced(events, "r1", count));
  const all = events.told("r1").then(() => heard.push(0));
  fast?.tell();
  expect(heard).toEqual([]);
  slow?.tell();
  expect(heard).toEqual([1, 2, 3]);
  await Promise.resolve();
  last?.tell();
  await all;
  expect(heard).toEqual([1, 2, 3, 4, 0]);
  await events.told("r1");
});

test("numbers of what could not be written hold up no news", () => {
  const events = new RunEvents();
  const heard: number[] = [];
  events.listen("r1", ({ seq }) => heard.push(seq));
  const failed = announced(events, "r1", 2);
  announced(events, "r1", 1).tell();
  failed.drop();
  failed.drop();
  expect(heard).toEqual([3]);
});

test("an event that a listener brings about is told after the one it hears", () => {
  const events = new RunEvents();
  const heard: string[] = [];
  events.listen("r1", ({ seq }) => {
    if (seq === 1) announced(events, "r1", 1).tell();
    heard.push(`one ${seq}`);
  });
  events.listen("r1", ({ seq }) => heard.push(`two ${seq}`));
  announced(events, "r1", 1).tell();
  expect(heard).toEqual(["one 1", "two 1", "one 2", "two 2"]);
});
