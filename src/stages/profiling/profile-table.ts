import { profileValues } from "./column-part.ts";
import { rowCodes } from "./codes.ts";
import { composeProfile } from "./compose.ts";
import { findDependencies } from "./dependency-part.ts";
import type { ProfilingInput } from "./input.ts";
import { findKeys } from "./key-part.ts";
import type { Profile } from "./profile.ts";

/** All that can be known of a table: the branches together. */
export async function profileTable(input: ProfilingInput): Promise<Profile> {
  const codes = rowCodes(input);
  const [values, keys, dependencies] = await Promise.all([
    profileValues(input),
    findKeys(input, codes),
    findDependencies(input, codes),
  ]);
  return composeProfile(input, { ...values, keys, dependencies });
}
