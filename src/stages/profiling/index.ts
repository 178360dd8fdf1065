/** Profiling: a staged table in, what is known of it out. */
export { profileValues, ValuesPart } from "./column-part.ts";
export { composeProfile, type ProfileParts } from "./compose.ts";
export { DependenciesPart, findDependencies } from "./dependency-part.ts";
export type { ProfilingInput } from "./input.ts";
export { findKeys, KeysPart } from "./key-part.ts";
export { isNullToken } from "./null-tokens.ts";
export { type NumberFormat, readNumberFormat } from "./number-reading.ts";
export { ProfilingOptions } from "./options.ts";
export { profileTable } from "./profile-table.ts";
export { ColumnKind, ColumnProfile, Dependency, FormatCount, Profile } from "./profile.ts";
