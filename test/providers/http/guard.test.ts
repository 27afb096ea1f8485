import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardHost, isLoopbackHost } from "../../../providers/http/guard.js";

const verdict = (url: string, allowedHosts: readonly string[] = []) => guardHost(url, allowedHosts, "keyri:url");

describe("the host guard", () => {
  it.each([
    "http://127.0.0.1:4180",
    "http://127.255.255.254",
    "http://127.0.0.1.:80",
    "http://2130706433", // decimal, and so 127.0.0.1
    "http://0x7f.1",
    "http://[::1]:4180/base",
    "http://[::ffff:127.0.0.1]",
    "http://localhost",
    "HTTP://LOCALHOST.",
    "http://keyri.localhost:4180",
    "https://localhost",
  ])("lets %s pass as loopback", (url) => {
    expect(verdict(url)).toEqual({ allowed: true });
  });

  it.each([
    "https://api.example.com",
    "https://127.0.0.1.evil.com",
    "https://localhost.evil.com",
    "https://notlocalhost",
    "https://evil.com#@localhost",
    "https://evil.com?@localhost",
    "https://evil.com\\@localhost",
    "https://@evil.com",
    "https://0.0.0.0",
    "https://[::2]",
    "https://[::]",
    "https://[::ffff:10.0.0.1]",
    "https://3232235777", // 192.168.1.1
    "http://api.example.com",
    "ftp://localhost",
    "file:///etc/passwd",
    "localhost:4180",
    "//localhost",
    "not a url",
    "",
  ])("refuses %s", (url) => {
    const { allowed, reason, remedy } = verdict(url);
    expect(allowed).toBe(false);
    expect(reason).toContain("keyri:url");
    expect(remedy).not.toBe("");
  });

  it.each(["http://localhost@evil.com", "http://localhost:80@evil.com", "https://user:hunter22@localhost"])(
    "refuses %s for what stands before the @, without showing it",
    (url) => {
      const { allowed, reason, remedy } = guardHost(url, ["evil.com", "http://evil.com"], "keyri:url");
      expect(allowed).toBe(false);
      expect(reason).toContain("user name or password");
      expect(`${reason} ${remedy}`).not.toContain("hunter22");
    },
  );

  it("names the command that allows the host", () => {
    expect(verdict("https://api.example.com/v1").remedy).toContain(
      "pulumi config set --path 'authn:allowedHosts[0]' api.example.com",
    );
  });

  it("says of a list that has entries, which may be text or in the environment, that the host can be added there", () => {
    const add = (host: string) => `(or add ${host} to the list where it is set)`;
    expect(verdict("https://api.example.com:8443", ["a.example"]).remedy).toContain(add("api.example.com:8443"));
    expect(verdict("http://api.example.com", ["a.example"]).remedy).toContain(add("http://api.example.com"));
    expect(verdict("https://api.example.com").remedy).not.toContain("(or add");
  });

  it("adds to the list and never replaces what is allowed already", () => {
    expect(verdict("https://api.example.com:8443", ["a.example", "b.example"]).remedy).toContain(
      "pulumi config set --path 'authn:allowedHosts[2]' api.example.com:8443",
    );
  });

  it.each([
    ["https://api.example.com", "api.example.com"],
    ["https://API.EXAMPLE.COM./v1", "api.example.com"],
    ["https://api.example.com", "API.Example.com."],
    ["https://api.example.com:8443", "api.example.com"],
    ["https://api.example.com:8443", "api.example.com:8443"],
    ["https://api.example.com", "api.example.com:443"],
    ["https://api.example.com", "https://api.example.com/"],
    ["https://api.example.com", "http://api.example.com"],
    ["http://api.example.com", "http://api.example.com"],
    ["http://api.example.com:8080", "http://api.example.com:8080"],
    ["https://[2001:db8::1]:8443", "[2001:db8::1]"],
    ["https://[2001:db8::1]", "2001:DB8:0::1"],
    ["https://bücher.example", "xn--bcher-kva.example"],
  ])("allows %s by the entry %s", (url, entry) => {
    expect(verdict(url, ["other.example", entry])).toEqual({ allowed: true });
  });

  it.each([
    ["https://api.example.com", "example.com"],
    ["https://api.example.com", "*.example.com"],
    ["https://api.example.com", "api.example.com:8443"],
    ["https://api.example.com", "https://user@api.example.com"],
    ["https://api.example.com", "api.example.com/v1"],
    ["https://api.example.com", ""],
    ["http://api.example.com", "api.example.com"],
    ["http://api.example.com", "https://api.example.com"],
    ["http://api.example.com:8080", "http://api.example.com:80"],
    ["http://api.example.com", "api.example.com:80"],
  ])("does not allow %s by the entry %s", (url, entry) => {
    expect(verdict(url, [entry]).allowed).toBe(false);
  });

  it("asks for plain text off loopback to be accepted by name", () => {
    expect(verdict("http://api.example.com:8080", ["api.example.com"]).remedy).toContain(
      "pulumi config set --path 'authn:allowedHosts[1]' 'http://api.example.com:8080'",
    );
  });

  it("offers no command that a shell would run", () => {
    for (const host of ["$(id).example", "`id`.example", "a;id.example", "a'b.example", "a&b.example"]) {
      expect(verdict(`https://${host}`).remedy).not.toContain("pulumi config set");
    }
  });

  it("finds exactly 127.0.0.0/8 among IPv4 addresses", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => isLoopbackHost(address) === address.startsWith("127.")),
      { examples: [["127.0.0.0"], ["128.0.0.1"], ["126.255.255.255"]] },
    );
  });
});
