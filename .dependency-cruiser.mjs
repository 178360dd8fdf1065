/** Layers, bottom to top, and what each may import besides packages and itself. */
const layers = {
  "src/core": [],
  "src/schedule": ["src/core"],
  "src/recipe": ["src/core"],
  "src/engine": ["src/core"],
  "src/outputs": ["src/core", "src/recipe", "src/engine"],
  "src/stores": ["src/core", "src/schedule", "src/orchestration"],
  "src/stages": ["src/core", "src/recipe"],
  "src/orchestration": ["src/core", "src/schedule"],
  "src/tasks": ["src/core", "src/orchestration", "src/engine"],
  "src/config": [
    "src/core",
    "src/schedule",
    "src/recipe",
    "src/stages",
    "src/orchestration",
    "src/tasks",
  ],
  "src/reports": ["src/core", "src/recipe", "src/stages", "src/orchestration"],
  "src/service": [
    "src/core",
    "src/schedule",
    "src/recipe",
    "src/config",
    "src/engine",
    "src/outputs",
    "src/orchestration",
    "src/reports",
    "src/stores",
    "src/tasks",
  ],
  "src/daemon": [
    "src/core",
    "src/schedule",
    "src/orchestration",
    "src/stores",
    "src/config",
    "src/service",
    "src/tasks",
  ],
  "src/doctor": [
    "src/core",
    "src/schedule",
    "src/orchestration",
    "src/config",
    "src/stores",
    "src/tasks",
  ],
  "src/cli": ["src/core", "src/schedule", "src/orchestration", "src/reports"],
  graphs: [
    "src/core",
    "src/recipe",
    "src/engine",
    "src/outputs",
    "src/stages",
    "src/config",
    "src/orchestration",
    "src/reports",
    "src/tasks",
  ],
};

/** The pipeline's order. A stage may `import type` from the stages before it. */
const stages = ["profiling", "transformation", "validation", "scoring", "ranking"];

const at = (...folders) => folders.map((folder) => `^${folder}/`);

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(layers).map(([layer, may]) => ({
      name: `${layer} → ${[...may, "itself"].join(", ")}`,
      severity: "error",
      from: { path: at(layer) },
      to: { path: "^(src|graphs)/", pathNot: at(layer, ...may) },
    })),
    ...stages.flatMap((stage, i) => [
      {
        name: `${stage} looks back only`,
        severity: "error",
        from: { path: at(`src/stages/${stage}`) },
        to: {
          path: "^src/stages/",
          pathNot: at(...stages.slice(0, i + 1).map((s) => `src/stages/${s}`)),
        },
      },
      {
        name: `${stage} looks back for types only`,
        severity: "error",
        from: { path: at(`src/stages/${stage}`) },
        to: {
          path: "^src/stages/",
          pathNot: at(`src/stages/${stage}`),
          dependencyTypesNot: ["type-only"],
        },
      },
    ]),
    {
      name: "enter a folder by its face",
      severity: "error",
      from: { path: "^src/([^/]+)/" },
      to: { path: "^src/", pathNot: ["^src/$1/", "/index\\.ts$"] },
    },
    {
      name: "enter a stage by its face",
      severity: "error",
      from: { path: "^src/stages/([^/]+)/" },
      to: { path: "^src/stages/", pathNot: ["^src/stages/$1/", "/index\\.ts$"] },
    },
    {
      name: "graphs enter src by its faces",
      severity: "error",
      from: { path: "^graphs/" },
      to: { path: "^src/", pathNot: ["/index\\.ts$"] },
    },
    {
      name: "LangGraph stays in graphs and stores",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(stores/|app\\.ts$)" },
      to: { path: "@langchain/" },
    },
    {
      name: "DuckDB stays in the engine",
      severity: "error",
      from: { path: "^(src|graphs)/", pathNot: "^src/engine/" },
      to: { path: "@duckdb/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
