/** The page at the admin origin's root: what this is and what runs where. No scripts, no secrets, no token needed. */
import { html } from "hono/html";

export interface ListedService {
  readonly name: string;
  readonly title: string;
  readonly url: string;
}

const STYLE =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}th,td{text-align:left;padding:.25rem 1rem .25rem 0}";
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

export async function adminPage(services: readonly ListedService[]): Promise<Response> {
  const rows = services.map(
    ({ name, title, url }) =>
      html`<tr><th scope="row">${title}</th><td><code>${name}</code></td><td><code>${url}</code></td></tr>`,
  );
  const page = await html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Embedded tenant</title><style>${STYLE}</style></head>
<body>
<main>
<h1>Embedded tenant</h1>
<p>A stand-in for passwordless identity services, for tests and demonstrations on this machine. It is a reading of what is publicly known of them, not proof of how they behave.</p>
<table>
<caption>What runs where</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Name in faults and journal</th><th scope="col">Address</th></tr></thead>
<tbody>${rows}</tbody>
</table>
<h2>This origin</h2>
<p>With the bearer token of the tenant's record: <code>GET /state</code>, <code>GET</code> and <code>DELETE /journal</code>, <code>GET</code>, <code>POST</code> and <code>DELETE /faults</code>, <code>POST /clock</code>, <code>POST /reset</code>. Without: <code>GET /health</code>.</p>
</main>
</body>
</html>
`;
  return new Response(page.toString(), { headers: HEADERS });
}
