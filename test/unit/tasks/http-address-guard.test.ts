import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressFlaw, addressGuard } from "../../../src/tasks/http/index.ts";

const refused = (allowed: readonly string[], host: string, address = host): boolean => {
  try {
    addressGuard(allowed).check(host, address);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: "ADDRESS_REFUSED" });
    return true;
  }
};

/** One or more of each block that is set aside for something else than the public Internet. */
const NOT_PUBLIC = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.254",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.0.170",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.0.1",
  "192.168.255.255",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::7f00:1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:10.0.0.1",
  "::ffff:169.254.169.254",
  "::ffff:0:127.0.0.1",
  "0:0:0:0:0:fffe:7f00:1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:2::1",
  "2001:10::1",
  "2001:20::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "3fff::1",
  "4000::1",
  "5f00::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%lo",
  "fec0::1",
  "ff02::1",
];

const PUBLIC = ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "223.255.255.1"];
const PUBLIC_6 = ["2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"];

describe("an address", () => {
  it.each(NOT_PUBLIC)("that is not public is refused: %s", (address) => {
    expect(refused([], address)).toBe(true);
    // A public address allows nothing else.
    expect(refused(["8.8.8.8", "portal.example"], address)).toBe(true);
  });

  it.each([...PUBLIC, ...PUBLIC_6])("that is public is not: %s", (address) => {
    expect(refused([], address)).toBe(false);
  });

  it.each(["", "localhost", "1.2.3", "1.2.3.4.5", "127.0.0.1 ", "nonsense", "::gggg"])(
    "that is none is refused: %j",
    (address) => {
      expect(refused([], "portal.example", address)).toBe(true);
    },
  );

  it("of a private network is refused whatever its last numbers", () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(byte, byte, byte, (a, b, c) => {
        expect(refused([], `10.${a}.${b}.${c}`)).toBe(true);
        expect(refused([], `127.${a}.${b}.${c}`)).toBe(true);
        expect(refused([], `192.168.${b}.${c}`)).toBe(true);
        expect(refused([], `172.${16 + (a % 16)}.${b}.${c}`)).toBe(true);
        expect(refused([], `::ffff:10.${a}.${b}.${c}`)).toBe(true);
      }),
    );
  });
});

describe("what is listed", () => {
  it.each([
    ["an address", "127.0.0.1", "127.0.0.1", "127.0.0.2"],
    ["a network", "10.0.0.0/8", "10.200.0.1", "11.0.0.1.nip"],
    ["a network of addresses in IPv6", "fd00::/8", "fd12::1", "fc00::1"],
    ["an address that comes as IPv6", "127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.2"],
    ["a network of IPv4 written as IPv6", "::ffff:10.0.0.0/104", "10.1.2.3", "192.168.0.1"],
    ["the loopback of IPv6", "::1", "::1", "::2"],
  ])("lets pass %s", (_what, entry, passes, fails) => {
    expect(refused([entry], passes)).toBe(false);
    expect(refused([entry], fails)).toBe(true);
  });

  it.each(["portal.intern", "PORTAL.intern", "portal.intern."])(
    "lets pass a host by its name, whatever it resolves to: %s",
    (name) => {
      expect(refused(["Portal.Intern"], name, "10.0.0.7")).toBe(false);
      expect(refused(["Portal.Intern"], `x.${name}`, "10.0.0.7")).toBe(true);
      expect(refused(["Portal.Intern"], "10.0.0.7")).toBe(true);
    },
  );

  it.each([
    "10.0.0.0/33",
    "10.0.0.0/x",
    "127.1",
    "0x7f000001",
    "http://x",
    "a b",
    "-x",
    "",
    "*",
    "x:80",
  ])("is refused when it is nothing of the kind: %j", (entry) => {
    expect(addressFlaw(entry)).toContain("expected a host name");
    expect(() => addressGuard([entry])).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });
});

const told = (host: string, address: string) => () => addressGuard().check(host, address);

it("says what is wrong with an address, and where it came from", () => {
  expect(told("portal.example", "10.0.0.1")).toThrow(
    /portal\.example is 10\.0\.0\.1, which is not public: private\./,
  );
  expect(told("10.0.0.1", "10.0.0.1")).toThrow(/ 10\.0\.0\.1 is not public: private\./);
});
