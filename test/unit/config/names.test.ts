import { describe, expect, it } from "vitest";
import { flawOfName, freeName, nameOfPath } from "../../../src/config/names.ts";

describe("flawOfName", () => {
  it.each(["acme", "A1", "north-market_2.eu", "9", "x".repeat(64)])("accepts %s", (name) => {
    expect(flawOfName(name)).toBeUndefined();
  });

  it.each([
    ["", "letter or digit first"],
    ["../up", "letter or digit first"],
    ["-x", "letter or digit first"],
    ["a/b", 'not "/"'],
    ["a b", 'not " "'],
    ["café", 'not "é"'],
    ["x".repeat(65), "at most 64"],
    ["a.", "no dot at the end"],
    ["CON", "Windows"],
    ["lpt1.txt", "Windows"],
  ])("refuses %j", (name, why) => {
    expect(flawOfName(name)).toContain(why);
  });
});

describe("nameOfPath", () => {
  it.each([
    ["/data/orders.csv", "orders"],
    ["/data/Orders 2024.csv.gz", "Orders-2024"],
    ["/data/orders-*.csv", "orders"],
    ["/data/visits/*.csv", "visits"],
    ["/data/v1.2/part.v2.parquet", "part.v2"],
    ["/data/Übersicht.xlsx", "Ubersicht"],
    ["/*.csv", "data"],
    ["/data/nul.csv", "data-nul"],
    ["/data/表.csv", "data"],
  ])("names %s %s", (path, name) => {
    expect(nameOfPath(path)).toBe(name);
    expect(flawOfName(name)).toBeUndefined();
  });
});

describe("freeName", () => {
  it("counts on, ignoring letter case, within the greatest length", () => {
    expect(freeName("orders", new Set())).toBe("orders");
    expect(freeName("Orders", new Set(["orders", "orders-2"]))).toBe("Orders-3");
    const long = "x".repeat(64);
    expect(freeName(long, new Set([long]))).toBe(`${"x".repeat(62)}-2`);
  });
});
