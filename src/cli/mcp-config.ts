import { CliError } from './cli-error.ts';
import type { CliIo } from './io.ts';
import { readPayload } from './read-payload.ts';

/** How `mcp add` is told to reach a server. */
export interface McpConfigOptions {
  readonly sse?: boolean;
  readonly bearer?: string;
  readonly header?: string;
  readonly oauth?: boolean;
  readonly config?: string;
}

/** `config` of the server as JSON text: from its address and options, or as it is given whole. */
export async function mcpConfigText(
  url: string | undefined,
  options: McpConfigOptions,
  io: Pick<CliIo, 'stdin'>,
): Promise<string> {
  const { sse, bearer, header, oauth } = options;
  const auths = [
    ...(bearer === undefined ? [] : [{ type: 'bearer', secret: bearer }]),
    ...(header === undefined ? [] : [headerAuth(header)]),
    ...(oauth ? [{ type: 'oauth' }] : []),
  ];
  if (options.config !== undefined) {
    if (url === undefined && auths.length === 0 && !sse) {
      return await readPayload(options.config, io, '--config');
    }
    throw new CliError('--config says all of it: give no address and no other option beside it.');
  }
  if (url === undefined) {
    throw new CliError('There is no address to reach the server at.', {
      hint: 'Give its URL after the name, or --config for a server over stdio.',
    });
  }
  if (auths.length > 1) {
    throw new CliError('A server takes one credential: --bearer, --header or --oauth.');
  }
  const [auth] = auths;
  return JSON.stringify({ transport: sse ? 'sse' : 'http', url, auth });
}

function headerAuth(given: string): { type: string; name: string; secret: string } {
  const at = given.indexOf('=');
  const [name, secret] = [given.slice(0, at), given.slice(at + 1)];
  if (at > 0 && secret !== '') return { type: 'header', name, secret };
  throw new CliError('--header takes NAME=SECRET.', {
    hint: 'SECRET is the name of a secret of the workspace, as in --header X-Api-Key=TICKETS_KEY.',
  });
}
