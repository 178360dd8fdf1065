/** Profiling: a staged table in, what is known of it out. */
export { ProfilingOptions } from "./options.ts";
export {
  ColumnKind,
  ColumnProfile,
  Dependency,
  FormatCount,
  Key,
  Profile,
  ValueCount,
} from "./profile.ts";
