import { connect, type Socket } from "node:net";
import { WranglerError } from "../../core/index.ts";
import type { AddressGuard } from "./address-guard.ts";
import { checkedAddresses, type Resolve } from "./checked-addresses.ts";

export interface SocketOrder {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** For each address of the host. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * A connection to a host that may be reached. It goes to an address that was checked, not to a name
 * that could be resolved to another one meanwhile.
 *
 * @throws {WranglerError} ADDRESS_REFUSED; the system's own error when nobody answers
 */
export async function checkedSocket(
  order: SocketOrder,
  guard: AddressGuard,
  resolve?: Resolve,
): Promise<Socket> {
  const addresses = await checkedAddresses(order.host, guard, resolve);
  const socket = await firstReached(addresses, order.host, (address) => opened(address, order));
  try {
    guard.check(order.host, socket.remoteAddress ?? "");
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The first address that answers; the last one's error when none does. */
export async function firstReached<T>(
  addresses: readonly string[],
  host: string,
  reach: (address: string) => Promise<T>,
): Promise<T> {
  let last: unknown = new WranglerError("NETWORK_FAILED", `${host} has no address.`, { host });
  for (const address of addresses) {
    try {
      return await reach(address);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function opened(host: string, { port, timeoutMs, signal }: SocketOrder): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (error: unknown) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const abort = () => fail(signal?.reason);
    const timer = setTimeout(() => fail(tooLate(host, port, timeoutMs)), timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      socket.off("error", fail);
    };
    signal?.addEventListener("abort", abort, { once: true });
    socket.once("error", fail);
    socket.once("connect", () => {
      settle();
      // Questions and answers that each wait for the other are not to wait for more to send.
      socket.setNoDelay(true);
      resolve(socket);
    });
    if (signal?.aborted) abort();
  });
}

function tooLate(host: string, port: number, timeoutMs: number): WranglerError {
  const reason = `${host}:${port} took no connection within ${timeoutMs} ms.`;
  return new WranglerError("NETWORK_FAILED", reason, { host, code: "ETIMEDOUT" });
}
