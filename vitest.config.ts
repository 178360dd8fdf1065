import { defineConfig } from "vitest/config";

/** Half-hour offset and a late new year: a test that forgets the time zone fails here. */
const env = { TZ: "America/St_Johns", NO_COLOR: "1" };

const project = (name: string, include: string[], timeoutMs: number) => ({
  test: {
    name,
    include,
    env,
    setupFiles: ["test/setup.ts"],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    pool: "forks" as const,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "coverage/results.json" }]],
    projects: [
      project("unit", ["test/unit/**/*.test.ts", "test/docs/**/*.test.ts"], 20_000),
      project("integration", ["test/integration/**/*.test.ts", "test/graphs/**/*.test.ts"], 60_000),
      project("e2e", ["test/e2e/**/*.test.ts"], 300_000),
    ],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts", "graphs/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      clean: false,
      // A floor, some points below what is reached; code that runs only in child processes is not counted.
      thresholds: { statements: 90, branches: 80, functions: 90, lines: 90 },
    },
  },
});
