/** Finding or getting the Pulumi engine: the public name of this folder. */
export { findEngine } from "./find.js";
