// The stack's program: it declares what stands in clients/, one key ring a client. `authn up` runs the same, and plain `pulumi up` too.
export { default } from "pulumi-authn/program";
