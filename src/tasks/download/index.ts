/** The task kind that fetches files. */
export { download } from "./download.ts";
