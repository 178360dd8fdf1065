/** Operations: all that the recipe language has built in. */
import type { Operation } from "../operation.ts";
import { canonicaliseCluster } from "./canonicalise-cluster.ts";
import { capOutlier } from "./cap-outlier.ts";
import { cast } from "./cast.ts";
import { changeCase } from "./change-case.ts";
import { clearNullTokens } from "./clear-null-tokens.ts";
import { collapseWhitespace } from "./collapse-whitespace.ts";
import { convertUnit } from "./convert-unit.ts";
import { dropColumns } from "./drop-columns.ts";
import { encodeCategory } from "./encode-category.ts";
import { extractPattern } from "./extract-pattern.ts";
import { fillConstant } from "./fill-constant.ts";
import { fillForward } from "./fill-forward.ts";
import { fillGroup } from "./fill-group.ts";
import { fixMojibake } from "./fix-mojibake.ts";
import { flagOutlier } from "./flag-outlier.ts";
import { mapByKey } from "./map-by-key.ts";
import { mapValues } from "./map-values.ts";
import { mergeColumns } from "./merge-columns.ts";
import { moveToken } from "./move-token.ts";
import { normaliseUnicode } from "./normalise-unicode.ts";
import { parseDate } from "./parse-date.ts";
import { parseNumber } from "./parse-number.ts";
import { quarantineCells } from "./quarantine-cells.ts";
import { quarantineRows } from "./quarantine-rows.ts";
import { removeDuplicates } from "./remove-duplicates.ts";
import { renameColumns } from "./rename-columns.ts";
import { reorderColumns } from "./reorder-columns.ts";
import { repairByDependency } from "./repair-by-dependency.ts";
import { replacePattern } from "./replace-pattern.ts";
import { setValue } from "./set-value.ts";
import { splitColumn } from "./split-column.ts";
import { stripPattern } from "./strip-pattern.ts";
import { swapColumns } from "./swap-columns.ts";
import { trim } from "./trim.ts";
import { unescapeHtml } from "./unescape-html.ts";

/** The built-in operations. */
export const builtIn: readonly Operation[] = [
  canonicaliseCluster,
  capOutlier,
  cast,
  changeCase,
  clearNullTokens,
  collapseWhitespace,
  convertUnit,
  dropColumns,
  encodeCategory,
  extractPattern,
  fillConstant,
  fillForward,
  fillGroup,
  fixMojibake,
  flagOutlier,
  mapByKey,
  mapValues,
  mergeColumns,
  moveToken,
  normaliseUnicode,
  parseDate,
  parseNumber,
  quarantineCells,
  quarantineRows,
  removeDuplicates,
  renameColumns,
  reorderColumns,
  repairByDependency,
  replacePattern,
  setValue,
  splitColumn,
  stripPattern,
  swapColumns,
  trim,
  unescapeHtml,
];
