import { profileColumns } from "./column-part.ts";
import { composeProfile } from "./compose.ts";
import { findDependencies } from "./dependency-part.ts";
import type { ProfilingInput } from "./input.ts";
import { findKeys } from "./key-part.ts";
import { profilePatterns } from "./pattern-part.ts";
import type { Profile } from "./profile.ts";

/** All that can be known of a table: the four branches together. */
export async function profileTable(input: ProfilingInput): Promise<Profile> {
  const [columns, patterns, keys, dependencies] = await Promise.all([
    profileColumns(input),
    profilePatterns(input),
    findKeys(input),
    findDependencies(input),
  ]);
  return composeProfile(input, { columns, patterns, keys, dependencies });
}
