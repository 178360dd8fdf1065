/** Core: the vocabulary that every layer shares. Imports nothing of ours. */
export { type Clock, systemClock } from "./clock.ts";
export {
  Accounting,
  Column,
  Dataset,
  Dialect,
  InputFormat,
  ReadOptions,
  SourceFile,
} from "./dataset.ts";
export { Duration, durationMs } from "./duration.ts";
export { ErrorClass } from "./error-class.ts";
export { type ErrorCode, ERRORS } from "./error-table.ts";
export {
  type ErrorDetails,
  errorClassOf,
  exitOf,
  Failure,
  failureOf,
  isWranglerError,
  WranglerError,
} from "./errors.ts";
export {
  asideOf,
  discard,
  exists,
  flush,
  readJson,
  unwritable,
  writeJson,
  writeText,
  writeWhole,
} from "./files.ts";
export { fileSha256, fingerprint, sha256 } from "./hash.ts";
export { Json, stableJson } from "./json.ts";
export { type Log, silentLog } from "./log.ts";
export {
  type Ask,
  identifier,
  literal,
  literals,
  parquet,
  type Query,
  ROW,
  type Sql,
} from "./query.ts";
export { Manifest } from "./manifest.ts";
export { Port } from "./port.ts";
export { keepMasked, MASK, masked, maskedForms, secretValue } from "./secrets.ts";
export { type SimulatedClock, simulatedClock } from "./simulated-clock.ts";
export { bytesOf, Size } from "./size.ts";
export { didYouMean } from "./suggest.ts";
export { fillTemplate, flawOfTemplate, type TemplateTime } from "./time-template.ts";
