/** HTTP for tasks: a client that stays away from private addresses, whatever leads it there. */
export { addressFlaw, type AddressGuard, addressGuard } from "./address-guard.ts";
export { type ClientOptions, guardedClient, type HttpClient } from "./client.ts";
export { type Resolve } from "./checked-addresses.ts";
export { checkedSocket } from "./checked-socket.ts";
export { type CookieKeeper, type HttpAnswer, type HttpRequest } from "./messages.ts";
export { withDeadline } from "./deadline.ts";
export { shownUrl } from "./shown-url.ts";
