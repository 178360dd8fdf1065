import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { AddressGuard } from "./address-guard.ts";

/** Addresses of a host name, in the order in which to try them. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** By the system: its hosts file, then DNS. */
const systemResolve: Resolve = async (host) => {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
};

/**
 * The addresses of a host, each one checked. A host with a public and a private address is refused:
 * which one would be reached is up to whoever runs its DNS.
 *
 * @param host - Name or address, without brackets.
 * @throws {WranglerError} ADDRESS_REFUSED; the system's own error when a name is not known
 */
export async function checkedAddresses(
  host: string,
  guard: AddressGuard,
  resolve: Resolve = systemResolve,
): Promise<readonly string[]> {
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  for (const address of addresses) guard.check(host, address);
  return addresses;
}
