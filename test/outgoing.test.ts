import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isTest, readTree, repositoryRoot, withoutComments } from './support/source-tree.ts';

// Who may open connections to somewhere else. Everything that the server connects to on a user's behalf
// goes through the guard; the others connect where the operator says.

const reasons: Record<string, string> = {
  'sandbox/egress/guard.ts': 'the guard itself',
  'sandbox/egress/resolver.ts': 'asks name servers for the guard',
  'sandbox/egress/forward.ts': 'speaks HTTP over connections that the guard has made',
  'sandbox/egress/post.ts': 'speaks HTTP over connections that the guard has made',
  'sandbox/egress/outlet.ts': 'speaks HTTP over connections that the guard has made',
  'conversations/channels/smtp.ts': 'speaks SMTP over connections that the guard has made',
  'models/watched-fetch.ts': 'model providers, at hosts set by the environment',
  'models/attempt.ts': 'model providers, at hosts set by the environment',
  'models/rerank.ts': 'model providers, by the fetch of their target',
  'models/compatible-wire.ts': 'model providers, at hosts set by the environment',
  'store/connect.ts': 'the database, set by the environment',
  'store/connect-session.ts': 'takes types of the database driver, connects to nothing',
  'store/s3.ts': 'the object storage, set by the environment',
  'store/column-types.ts': 'takes the type parsers of the database driver, connects to nothing',
  'tools/mcp/connection.ts': 'MCP servers; the SDK has no fetch but one of the guard',
  'tools/mcp/authorize.ts': 'authorization servers; the SDK has no fetch but one of the guard',
  'tools/mcp/mcp-client.ts':
    'takes client credentials of the SDK, which asks by the fetch of its transport',
  'notifications/mail.ts': 'the SMTP server for alerts and notifications, set by the environment',
  'api/sign-in/oidc-client.ts': 'the OpenID Connect issuer, set by the environment',
  'main.ts': 'reads a pipe of its launcher, by its descriptor',
  'cli/api-client.ts': 'a client program: connects to the server that its user names',
};

const openers: readonly RegExp[] = [
  // Whatever opens a connection by itself, from modules or global.
  /\bfetch\(/,
  /\bnew (?:WebSocket|WebSocketStream|EventSource|XMLHttpRequest)\b/,
  /\b(?:createConnection|connectSocket)\(/,
  /\b(?:http|https|http2|net|tls|dgram|dns)\.(?:request|get|connect|createConnection|createSocket|lookup|resolve\w*)\(/,
  /\bnew (?:Socket|TLSSocket|Agent|Client|Pool|Resolver|ProxyAgent|Dispatcher)\(/,
  // Names taken from modules that can.
  /import (?!type )\{[^}]*\b(?<!type )(?:connect|createConnection|request|get|Socket|Agent|ClientRequest)\b(?: as \w+)?[^}]*\} from ['"]node:(?:net|tls|http|https|http2)['"]/,
  /from ['"](?:node:)?(?:dgram|dns|dns\/promises)['"]/,
  // The SDK connects by itself where it is given no `fetch`.
  /\b(?:new \w+ClientTransport|new ClientCredentialsProvider|await auth)\(/,
  /from ['"](?:nodemailer|undici|axios|got|ky|ws|node-fetch|superagent|needle|pg)['"]/,
  /\b(?:import|require|getBuiltinModule)\(\s*['"](?:node:)?(?:net|tls|https?|http2|dgram|dns)/,
];

const isOpening = (text: string) => openers.some((opener) => opener.test(text));
const source = readTree(join(repositoryRoot, 'src'));
// The runners are the sandbox's inside: what they connect to is the proxy, and nothing else is there.
const server = source.filter(
  ({ path }) =>
    path.endsWith('.ts') &&
    !isTest(path) &&
    !path.startsWith('sandbox/runners/') &&
    !path.startsWith('sandbox/escapes/'),
);

describe('outgoing connections', () => {
  test('are opened by the guard, and by what the operator points somewhere', () => {
    const found = server.filter(({ text }) => isOpening(withoutComments(text)));
    expect(found.map(({ path }) => path).filter((path) => !(path in reasons))).toEqual([]);
  });

  test.each(Object.keys(reasons))('%s still opens some', (path) => {
    const file = server.find((candidate) => candidate.path === path);
    expect(file !== undefined && isOpening(withoutComments(file.text))).toBe(true);
  });

  test('of the MCP SDK are all made by a fetch that it is given', () => {
    const importing = server.filter(({ text }) => text.includes("'@modelcontextprotocol/client'"));
    for (const { path, text } of importing) {
      const code = withoutComments(text);
      const made = code.match(/new (?:StreamableHTTP|SSE)ClientTransport\([^)]*/g) ?? [];
      for (const one of made) expect([path, one]).toEqual([path, expect.stringMatching(/options/)]);
      if (made.length > 0) expect(code).toMatch(/const options = \{\s*fetch,/);
      if (/await auth\(/.test(code)) expect(code).toMatch(/fetchFn: guardedFetch\(/);
      expect(code).not.toMatch(
        /StdioClientTransport|withOAuth|createMiddleware|discoverOAuth|registerClient/,
      );
    }
    expect(importing.length).toBeGreaterThan(3);
  });

  test.each([
    "await fetch('http://10.0.0.1')",
    "import { connect } from 'node:net';",
    "import { Socket } from 'node:net';",
    "import { request as ask } from 'node:https';",
    "import dns from 'node:dns';",
    "import { Agent } from 'undici';",
    "const net = await import('node:net');",
    "process.getBuiltinModule('node:tls')",
    "new WebSocket('ws://localhost')",
  ])('are seen in %s', (text) => {
    expect(isOpening(text)).toBe(true);
  });
});
