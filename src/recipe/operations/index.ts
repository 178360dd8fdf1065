/** Operations: all that the recipe language has built in. */
import type { Operation } from "../operation.ts";
import { clearNullTokens } from "./clear-null-tokens.ts";
import { collapseWhitespace } from "./collapse-whitespace.ts";
import { extractPattern } from "./extract-pattern.ts";
import { mapByKey } from "./map-by-key.ts";
import { mapValues } from "./map-values.ts";
import { moveToken } from "./move-token.ts";
import { parseNumber } from "./parse-number.ts";
import { repairByDependency } from "./repair-by-dependency.ts";
import { replacePattern } from "./replace-pattern.ts";
import { setValue } from "./set-value.ts";
import { stripPattern } from "./strip-pattern.ts";
import { trim } from "./trim.ts";

export const builtIn: readonly Operation[] = [
  clearNullTokens,
  collapseWhitespace,
  extractPattern,
  mapByKey,
  mapValues,
  moveToken,
  parseNumber,
  repairByDependency,
  replacePattern,
  setValue,
  stripPattern,
  trim,
];
