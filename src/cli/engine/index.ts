/** Finding or getting the Pulumi engine: the public names of this folder. */
export { findEngine } from "./find.js";
export type { Engine, EngineSource, FindEngineOptions } from "./types.js";
