import { describe, expect, it } from "vitest";
import { environmentSubstitute } from "../../../src/config/environment.ts";

const replace = environmentSubstitute({ HOME_DIR: "/home/x", EMPTY: "" });

describe("environmentSubstitute", () => {
  it("puts values in, several in one text", () => {
    expect(replace("${HOME_DIR}/a-${EMPTY}b")).toEqual({ value: "/home/x/a-b", flaws: [] });
  });

  it("leaves an escaped reference and other dollars alone", () => {
    expect(replace("$${HOME_DIR} costs $5$").value).toBe("${HOME_DIR} costs $5$");
  });

  it("does not look into values that it put in", () => {
    const nested = environmentSubstitute({ A: "${B}", B: "no" });
    expect(nested("${A}").value).toBe("${B}");
  });

  it("names an unset variable and one that is near", () => {
    const { flaws } = replace("${HOME_DIRR}");
    expect(flaws).toEqual(['environment variable HOME_DIRR is not set. Did you mean "HOME_DIR"?']);
  });

  it.each(["${}", "${A B}", "${1A}", "${OPEN"])("refuses %s as no reference", (text) => {
    expect(replace(text).flaws[0]).toMatch(/^expected \$\{NAME\}/);
  });
});
