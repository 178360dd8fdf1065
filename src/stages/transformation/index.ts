/** Transformation: a profile in, candidate recipes out. */
import "./generators/index.ts";

export { AS_IS, Candidate } from "./candidate.ts";
export {
  combine,
  type CombineRequest,
  CONFIDENCE,
  normalisation,
  type Proposals,
  selectedGenerators,
} from "./combine.ts";
export {
  defineGenerator,
  type GeneratorContext,
  type GeneratorDefinition,
  Proposal,
  registeredGenerators,
  type Wave,
} from "./generator.ts";
export { TransformationOptions } from "./options.ts";
