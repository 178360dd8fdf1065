import type { LangGraphRunnableConfig } from "@langchain/langgraph";

/**
 * Configuration for a graph invoked inside a node.
 *
 * LangGraph 1.4.17 ignores the recorded writes of a nested graph whenever the configuration carries
 * the key `checkpoint_id`, which that of a nested graph always does; finished parallel siblings
 * would run again on resume. Without the key they are honoured. Can go with the first version that
 * installs and has the upstream fix (1.5.3); test/graphs/nested-resume.test.ts tells.
 */
export function nestedConfig(config: LangGraphRunnableConfig): LangGraphRunnableConfig {
  const { checkpoint_id: _dropped, ...configurable } = config.configurable ?? {};
  return { ...config, configurable };
}
