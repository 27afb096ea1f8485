/** What every resource's class adds to its inputs: who declares it, since the stock host tells the provider none of it. */
import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../../providers/host/inputs.js";

/** What all resources take beside their own arguments. */
export interface CommonArgs {
  /**
   * What create does with something that stands already: refuse it (`never`), take over what is proven to be this stack's
   * (`owned`, the default), or take over anything (`always`; it is then retained on delete unless said otherwise).
   */
  readonly adopt?: pulumi.Input<"never" | "owned" | "always">;
  /** Whether delete removes it from the service or leaves it there. Default: `delete`; `retain` for what `adopt: always` took over. */
  readonly onDelete?: pulumi.Input<"delete" | "retain">;
  /** Where it is declared, for error messages: "ada in fixtures/demo/people.yaml". Not compared. */
  readonly declaredIn?: string;
}

/** @param args the resource's arguments: those that are secret are named, so that no message repeats what a service echoes of them */
export function ownerOf(
  type: string,
  name: string,
  declaredIn: string | undefined,
  args: Readonly<Record<string, unknown>>,
  parent: pulumi.Resource | undefined,
): pulumi.Inputs {
  const outputs = Object.entries(args).filter(([, value]) => pulumi.Output.isInstance(value));
  const above = parentNames(parent);
  const owner: Owner = {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    type,
    name,
    ...(above === "" ? {} : { parent: above }),
    ...(declaredIn === undefined ? {} : { declaredIn }),
  };
  return outputs.length === 0 ? owner : { ...owner, concealed: secretNames(outputs) };
}

/** Its URN would say so too, and as an output of a component it would wait for this very resource. */
function parentNames(parent: unknown): string {
  if (!pulumi.Resource.isInstance(parent)) return "";
  const name: unknown = Reflect.get(parent, "__name");
  const above = parentNames(Reflect.get(parent, "__parentResource"));
  return [above, typeof name === "string" ? name : ""].filter((part) => part !== "").join("/");
}

async function secretNames(outputs: readonly [string, unknown][]): Promise<string[]> {
  const names = await Promise.all(
    outputs.map(async ([name, value]) =>
      pulumi.Output.isInstance(value) && (await pulumi.isSecret(value)) ? [name] : [],
    ),
  );
  return names.flat();
}
