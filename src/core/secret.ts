// A workspace's secrets: values that tools name and nobody reads back.

/** Environment style, so that a name is the same word in Python, JavaScript and the API. */
export const secretNameForm = /^[A-Z][A-Z0-9_]{0,63}$/;
export const maxSecretBytes = 32_768;
/** A workspace has no more than these. */
export const maxSecrets = 1_000;

/** All that is ever shown of a secret. */
export interface Secret {
  readonly workspaceId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
