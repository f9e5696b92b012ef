import { CliError } from './cli-error.ts';
import type { CliIo } from './io.ts';
import { profileFor } from './profiles.ts';

export const defaultUrl = 'http://127.0.0.1:4870';

export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | null;
  /** Where the token reaches several. */
  readonly workspace?: string;
  /** Name and version of this client, for the server's log. */
  readonly userAgent: string;
}

/**
 * Which server to talk to and as whom: the options first, then the profile that is named, then the environment,
 * then the current profile.
 */
export function connectionFrom(
  options: {
    readonly url?: string | undefined;
    readonly token?: string | undefined;
    readonly profile?: string | undefined;
    readonly workspace?: string | undefined;
  },
  io: Pick<CliIo, 'env' | 'version'>,
): Connection {
  const { env } = io;
  const profile = options.url === undefined ? profileFor(options.profile, env) : null;
  const given = options.url ?? profile?.url ?? (env.SIGNALBOX_URL || defaultUrl);
  const url = URL.parse(given);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new CliError(`"${given}" is not the address of a server.`, {
      hint: `Give one like ${defaultUrl} with --url or SIGNALBOX_URL.`,
    });
  }
  const ambient = env.SIGNALBOX_TOKEN || env.SIGNALBOX_ADMIN_TOKEN || '';
  const token = (options.token ?? (profile === null ? ambient : (profile.token ?? ''))).trim();
  if (/[^\x21-\x7e]/.test(token)) {
    throw new CliError('The token has characters that no token has.', {
      hint: 'Look for spaces or line breaks in --token or SIGNALBOX_TOKEN.',
    });
  }
  const workspace = options.workspace ?? (env.SIGNALBOX_WORKSPACE || undefined);
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    token: token || null,
    ...(workspace !== undefined && { workspace }),
    userAgent: userAgentOf(io),
  };
}

export function userAgentOf({ version }: Pick<CliIo, 'version'>): string {
  return `signalbox-cli/${version}`;
}
