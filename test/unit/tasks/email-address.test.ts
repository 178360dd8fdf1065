import { expect, it } from "vitest";
import { isAllowed, flawOfAddress, parseAddress } from "../../../src/tasks/email/address.ts";

it.each([
  ["ann@example.com", "", "ann@example.com"],
  ["Ann Example <ann@example.com>", "Ann Example", "ann@example.com"],
  ['"Example, Ann" <ann@example.com>', "Example, Ann", "ann@example.com"],
  ["Änne Müller <a.b+c@Example.COM>", "Änne Müller", "a.b+c@example.com"],
  ["<ann@example.com>", "", "ann@example.com"],
  ["root@localhost", "", "root@localhost"],
  ["info@bücher.example", "", "info@xn--bcher-kva.example"],
  ["o'neil@example.com", "", "o'neil@example.com"],
])("reads %s", (text, name, address) => {
  expect(parseAddress(text)).toEqual({ name, address });
});

it.each([
  ["", "one address"],
  ["ann", "one address"],
  ["@example.com", "one address"],
  ["ann@", "one address"],
  ["ann@@example.com", "one address"],
  ["a@example.com, b@example.com", "one address"],
  ["a@example.com;b@example.com", "one address"],
  ["group: a@example.com;", "one address"],
  ["ann(comment)@example.com", "one address"],
  ['"a b"@example.com', "one address"],
  ["a..b@example.com", "one address"],
  [".a@example.com", "one address"],
  ["a@[127.0.0.1]", "one address"],
  ["a@127.0.0.1", "one address"],
  ["a@2130706433", "one address"],
  ["a@-example.com", "one address"],
  ["a@example..com", "one address"],
  ["a@exam ple.com", "one address"],
  ["a@example.com>", "one address"],
  ["x <a@example.com> <b@example.com>", "one address"],
  ["b@example.com <a@example.com>", "one address"],
  ["x <a@example.com>\r\nBcc: b@example.com", "no line ends"],
  ["a@b\r\nRCPT TO:<evil@example.com>", "no line ends"],
  ["a\u0000@example.com", "no line ends"],
  ["a\u2028@example.com", "no line ends"],
  ["\u202Emoc <a@example.com>", "no line ends"],
  [`${"a".repeat(65)}@example.com`, "one address"],
  [`a@${"b".repeat(64)}.com`, "one address"],
  [`a@${"b.".repeat(150)}com`, "one address"],
  [`${"x".repeat(600)} <a@example.com>`, "500"],
])("refuses %j", (text, flaw) => {
  expect(flawOfAddress(text)).toContain(flaw);
  expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: "EMAIL_INVALID" }));
});

it("tells domains that are allowed", () => {
  const allowed = ["Example.com", "*.corp.example"];
  expect(
    [
      "example.com",
      "sub.example.com",
      "notexample.com",
      "corp.example",
      "a.corp.example",
      "b.a.corp.example",
      "evilcorp.example",
    ].filter((domain) => isAllowed(domain, allowed)),
  ).toEqual(["example.com", "a.corp.example", "b.a.corp.example"]);
});

it("refuses long texts before it looks into them", () => {
  expect(flawOfAddress(`${" ".repeat(499)}<`)).toBeDefined();
  expect(flawOfAddress(`${"a.".repeat(5_000_000)}@`)).toContain("500");
});
