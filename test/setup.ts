/** Any process warning is a defect: a leaked listener, a deprecation, an unhandled rejection. */
process.on("warning", (warning) => {
  if (warning.name === "ExperimentalWarning") return;
  throw warning;
});
