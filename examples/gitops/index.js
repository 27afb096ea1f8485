// The stack's program: it declares what stands in the fixtures of its stack. `authn up` runs the same, and plain `pulumi up` too.
export { default } from "pulumi-authn/program";
