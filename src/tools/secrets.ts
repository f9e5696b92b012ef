import { ApiError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { maxSecretBytes, maxSecrets, secretNameForm } from '../core/secret.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { refuse } from '../core/validate.ts';
import type { Queryable } from '../store/connect.ts';
import { deleteSecret, getSecret, putSecret, readSealedSecrets } from '../store/secrets.ts';

// The rules of a workspace's secrets. A value goes in, and from here on only into calls of tools that
// name it; nothing gives it back to a caller.

export interface SecretDeps {
  readonly db: Queryable;
  readonly secretBox: SecretBox;
}

export interface SecretKey {
  readonly workspaceId: string;
  readonly name: string;
}

/** Throws `not_found`. */
export async function requireSecret(db: Queryable, key: SecretKey): Promise<Secret> {
  const secret = await getSecret(db, key);
  if (secret === null) throw noSecret(key.name);
  return secret;
}

/** Sets a secret of a workspace that exists. Throws `validation_error`, and `conflict` when there are too many. */
export async function setSecret(
  { db, secretBox }: SecretDeps,
  key: SecretKey,
  value: string,
): Promise<{ readonly secret: Secret; readonly isNew: boolean }> {
  const problems = new Map<string, string>();
  if (!secretNameForm.test(key.name)) {
    problems.set('name', 'must be upper-case letters, digits and “_”, a letter first, at most 64');
  }
  if (value === '') problems.set('value', 'must not be empty; delete the secret instead');
  if (!value.isWellFormed()) problems.set('value', 'must be well-formed Unicode');
  if (Buffer.byteLength(value) > maxSecretBytes) {
    problems.set('value', `must have at most ${maxSecretBytes} bytes of UTF-8`);
  }
  refuse(problems);
  const sealed = secretBox.seal(value, placeOf(key));
  const put = await putSecret(db, { ...key, sealed, maxCount: maxSecrets });
  if (put !== null) return put;
  throw new ApiError('conflict', `The workspace has ${maxSecrets} secrets already. Delete some.`);
}

/** Throws `not_found`. Tools that name it fail from then on, and say so. */
export async function removeSecret(db: Queryable, key: SecretKey): Promise<void> {
  if (!(await deleteSecret(db, key))) throw noSecret(key.name);
}

/** The values of the named secrets, and which names the workspace does not have. */
export async function openSecrets(
  { db, secretBox }: SecretDeps,
  of: { readonly workspaceId: string; readonly names: readonly string[] },
): Promise<{ readonly values: Record<string, string>; readonly missing: readonly string[] }> {
  if (of.names.length === 0) return { values: {}, missing: [] };
  const sealed = await readSealedSecrets(db, of);
  const { workspaceId } = of;
  const values = [...sealed].map(([name, text]): [string, string] => [
    name,
    secretBox.open(text, placeOf({ workspaceId, name })),
  ]);
  const missing = of.names.filter((name) => !sealed.has(name));
  return { values: Object.fromEntries(values), missing };
}

/** What a sealed value is bound to: neither part can hold the separator. */
function placeOf({ workspaceId, name }: SecretKey): string {
  return `secret/${workspaceId}/${name}`;
}

function noSecret(name: string): ApiError {
  return new ApiError('not_found', `There is no secret ${name.slice(0, 64)}.`);
}
