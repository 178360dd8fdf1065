import { expect, test } from "vitest";
import { channelsOf } from "../../../../../../src/stages/transformation/generators/clusters/channel.ts";
import {
  channelBelief,
  channelRepairs,
} from "../../../../../../src/stages/transformation/generators/clusters/channel-repairs.ts";
import { nearPairs } from "../../../../../../src/stages/transformation/generators/clusters/near-frequent.ts";

const WORDS = ["copper wire", "brass screw", "steel plate", "rubber seal", "oak plank"];
const frequent = WORDS.map((value, i) => ({ value, count: 60 - i }));
const damaged = (mark: (word: string, at: number) => string) =>
  WORDS.flatMap((word) => [1, 3, 5].map((at) => ({ value: mark(word, at), count: 1 })));
const replaced = damaged((word, at) => `${word.slice(0, at)}q${word.slice(at + 1)}`);
const inserted = damaged((word, at) => `${word.slice(0, at)}~${word.slice(at)}`);
const substitute = { kind: "substitute", character: "q", shown: 15, pairs: 15 } as const;

test("a character that stands in the place of all sorts is a channel", () => {
  expect(channelsOf(nearPairs([...frequent, ...replaced]))).toEqual([substitute]);
});

test("a character that is put between others is a channel", () => {
  expect(channelsOf(nearPairs([...frequent, ...inserted]))).toEqual([
    { kind: "insert", character: "~", shown: 15, pairs: 15 },
  ]);
});

test("neighbours that differ in all sorts of letters are none", () => {
  const natural = Array.from("abcdefghijklmno").map((letter, i) => ({
    value: `${WORDS[i % 5]?.slice(0, 4) ?? ""}${letter}${WORDS[i % 5]?.slice(5) ?? ""}`,
    count: 1,
  }));
  expect(channelsOf(nearPairs([...frequent, ...natural]))).toEqual([]);
});

test("a damaged value becomes the only frequent one that fits, by value or word by word", () => {
  const values = [
    ...frequent,
    { value: "cqpper wqre", count: 2 },
    { value: "stqel plank", count: 1 },
    { value: "antique", count: 1 },
  ];
  expect(channelRepairs(values, substitute)).toEqual([
    { old: "cqpper wqre", new: "copper wire", count: 2, by: "value" },
    { old: "stqel plank", new: "steel plank", count: 1, by: "word" },
  ]);
});

test("a hidden digit is told only when one frequent value fits and no other", () => {
  const values = [
    { value: "B-1001", count: 40 },
    { value: "B-2002", count: 40 },
    { value: "B-2003", count: 2 },
    { value: "B-q001", count: 1 },
    { value: "B-200q", count: 1 },
  ];
  expect(channelRepairs(values, substitute).map((one) => [one.old, one.new])).toEqual([
    ["B-q001", "B-1001"],
  ]);
});

test("a value that could be two others stays", () => {
  const values = [
    { value: "mill", count: 30 },
    { value: "mall", count: 30 },
    { value: "mqll", count: 1 },
  ];
  expect(channelRepairs(values, substitute)).toEqual([]);
});

test("a letter of the language is believed less than one that stands nowhere else", () => {
  const names = ["Hanna", "Henny", "Marta", "Milla", "Petra"].map((value) => ({
    value,
    count: 40,
  }));
  const rare = ["Hanka", "Marka", "Milka", "Hauna", "Malta", "Pedra", "Mirla"].map((value) => ({
    value,
    count: 1,
  }));
  const channel = { kind: "substitute", character: "k", shown: 12, pairs: 12 } as const;
  const values = [...names, ...rare];
  const natural = [...values, { value: "Erika", count: 3 }, { value: "Frank", count: 3 }];
  const repairs = channelRepairs(values, channel);
  expect(repairs.map((one) => one.old)).toEqual(["Hanka", "Marka", "Milka"]);
  expect(channelBelief(values, channel, repairs)).toBe(1);
  expect(channelBelief(natural, channel, repairs)).toBeLessThan(1);
});
