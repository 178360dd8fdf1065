/** Clusters: rare values told as slips of frequent ones. */
export { clusters } from "./clusters.ts";
