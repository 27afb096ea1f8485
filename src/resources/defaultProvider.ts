/**
 * Refresh and destroy configure a provider from what the state recorded, unless the program runs and uses it. A program that
 * declares nothing any more would so delete with last week's token and address; asking the provider for something that it
 * doesn't have makes the engine register it with today's configuration, and leaves nothing in the state.
 */
import * as pulumi from "@pulumi/pulumi";

export function registerDefaultProvider(): void {
  pulumi.runtime.invoke("pulumi-nodejs:authn:today", {}).then(undefined, () => undefined);
}
