/** What the parts of this example share: 13-digit article numbers and their check digit. */

/** SQL that is true where a text is a 13-digit article number whose last digit is right. */
export function isArticleNumber(value) {
  const digits = `[CAST(substr(${value}, i, 1) AS INTEGER) * (CASE WHEN i % 2 = 0 THEN 3 ELSE 1 END) FOR i IN range(1, 14)]`;
  return `(CASE WHEN regexp_full_match(${value}, '[0-9]{13}') THEN list_sum(${digits}) % 10 = 0 ELSE false END)`;
}
