import type { SecretBox } from '../core/secret-box.ts';

// Secrets of a channel are sealed together, bound to the channel.

const placeOf = (channelId: string) => `channel/${channelId}`;

export function sealSecrets(
  box: SecretBox,
  channelId: string,
  secrets: Readonly<Record<string, string>>,
): string | null {
  if (Object.keys(secrets).length === 0) return null;
  return box.seal(JSON.stringify(secrets), placeOf(channelId));
}

export function openSecrets(
  box: SecretBox,
  channelId: string,
  sealed: string | null,
): Readonly<Record<string, string>> {
  if (sealed === null) return {};
  return JSON.parse(box.open(sealed, placeOf(channelId))) as Record<string, string>;
}
