/**
 * Which addresses may be reached: public ones, and what is listed.
 *
 * A host in a private network (a database, the metadata service of a cloud, the machine itself)
 * trusts who can reach it. A download or a message whose address others have a say in, be it by a
 * redirect or by DNS, must not become a way to it.
 *
 * @module
 */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { WranglerError } from "../../core/index.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Says no to addresses. */
export interface AddressGuard {
  /**
   * @param host - Name or address as it stands in a URL, without brackets.
   * @param address - What it was resolved to, or what a socket is connected to.
   * @throws {WranglerError} ADDRESS_REFUSED when it is neither public nor listed.
   */
  check(host: string, address: string): void;
}

const HOST_NAME = /^(?=.{1,253}\.?$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_-]{1,63})*\.?$/i;

/** What ends like an address is none but an address, as browsers see it. */
const NUMBER_AT_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i;

/** What is wrong with an entry of a list of allowed hosts and networks; undefined when nothing is. */
export function addressFlaw(entry: string): string | undefined {
  if (networkOf(entry) || (HOST_NAME.test(entry) && !NUMBER_AT_END.test(entry))) return undefined;
  return `expected a host name, an address or a network such as "portal.intern", "127.0.0.1" or "10.0.0.0/8", got "${entry}"`;
}

/**
 * A guard that lets public addresses pass, and those that are listed: addresses and networks as
 * such, host names with whatever they resolve to.
 *
 * @throws {WranglerError} CONFIG_INVALID when an entry is none of these.
 */
export function addressGuard(allowed: readonly string[] = []): AddressGuard {
  for (const entry of allowed) {
    const flaw = addressFlaw(entry);
    if (flaw !== undefined) throw new WranglerError("CONFIG_INVALID", `allowPrivate: ${flaw}.`);
  }
  const networks = allowed.map(networkOf).filter((one) => one !== undefined);
  const names = new Set(allowed.filter((entry) => !networkOf(entry)).map(plainName));
  return {
    check(host, address) {
      if (names.has(plainName(host))) return;
      const range = rangeOf(address);
      if (range === "public" || networks.some((network) => isWithin(address, network))) return;
      const found = host === address ? address : `${host} is ${address}, which`;
      const reason = `${found} is ${range === undefined ? "no address" : `not public: ${range}`}.`;
      throw new WranglerError("ADDRESS_REFUSED", reason, { host, address });
    },
  };
}

/** Hosts are the same with a dot at their end and in whatever case. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function networkOf(entry: string): [Address, number] | undefined {
  if (ipaddr.isValidCIDR(entry)) {
    const [address, bits] = ipaddr.parseCIDR(entry);
    return mappedNetwork(address, bits);
  }
  // The library would take 127.1 and 0x7f000001 too; in a list they are more likely slips.
  if (!ipaddr.IPv4.isValidFourPartDecimal(entry) && !ipaddr.IPv6.isValid(entry)) return undefined;
  const address = ipaddr.process(entry);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

/** A network of IPv4 addresses written as IPv6 is one of IPv4 addresses: so addresses are compared. */
function mappedNetwork(address: Address, bits: number): [Address, number] {
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  return isMapped && bits >= 96 ? [address.toIPv4Address(), bits - 96] : [address, bits];
}

function isWithin(text: string, [network, bits]: [Address, number]): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.process(text);
  return address.kind() === network.kind() && address.match(network, bits);
}

/** `public`, or the name of the range that keeps an address from being so; undefined: no address. */
function rangeOf(text: string): string | undefined {
  // The library would take 127.1 for an address too.
  if (isIP(text) === 0) return undefined;
  // IPv4 within IPv6 (::ffff:127.0.0.1) is judged as the IPv4 address that it reaches.
  const address = ipaddr.process(text);
  const range: string = address.range();
  if (range !== "unicast") return range;
  // Only 2000::/3 is given out. What the library calls unicast besides reaches, at best, ::127.0.0.1.
  return address instanceof ipaddr.IPv6 && !isGlobal(address) ? "reserved" : "public";
}

function isGlobal(address: ipaddr.IPv6): boolean {
  return ((address.parts[0] ?? 0) & 0xe0_00) === 0x20_00;
}
