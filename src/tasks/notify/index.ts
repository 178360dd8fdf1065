/** Kind `notify`: a signed message to a web address. */
export { notify } from "./notify.ts";
