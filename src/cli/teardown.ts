/** The program that `destroy` runs: it declares nothing, and has the engine use today's configuration for what it removes. */
import { registerDefaultProvider } from "../resources/defaultProvider.js";

export default async function teardown(): Promise<Record<string, unknown>> {
  registerDefaultProvider();
  return {};
}
