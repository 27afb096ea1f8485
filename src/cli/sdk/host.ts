/** Loaded before anything else by the provider hosts that `authn`'s engine starts (`--import`), and by every other Node under it. */
import { putOffClosures } from "./put-off.js";

const [, main = ""] = process.argv;
if (/[\\/]cmd[\\/]dynamic-provider[\\/]index\.js$/.test(main)) putOffClosures(main);
