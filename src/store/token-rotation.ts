import { ApiError } from '../core/errors.ts';
import type { Token } from '../core/token.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database } from './connect.ts';
import { createToken, getToken } from './tokens.ts';
import type { InTransaction } from './workspaces.ts';

export interface Rotation {
  readonly scope: WorkspaceScope;
  readonly id: string;
  /** Of the new secret. */
  readonly secretHash: Buffer;
  readonly hint: string;
}

/**
 * A new token with the rights and the expiry of an old one, which ends 24 hours from now, or sooner if it
 * did already. Null when there is none in scope. Throws `conflict` for the admin token and an expired one.
 */
export async function rotateToken(
  db: Database,
  rotation: Rotation,
  inTransaction?: InTransaction<Token>,
): Promise<Token | null> {
  const { scope, id, secretHash, hint } = rotation;
  const old = await getToken(db, scope, id);
  if (old === null) return null;
  const { name, access, workspaces, limits, expiresAt } = old;
  if (access === 'admin' || workspaces === 'all') {
    throw new ApiError(
      'conflict',
      'The admin token cannot be rotated. Replace it by setting SIGNALBOX_ADMIN_TOKEN and restarting.',
    );
  }
  const successor = { name, access, workspaceIds: workspaces, limits, expiresAt, secretHash, hint };
  if ((await db.query({ text: `SELECT 1 FROM tokens ${live}`, values: [id] })).length === 0) {
    throw ended();
  }
  return await createToken(db, scope, successor, async (tx, created) => {
    const ending = await tx.execute({
      text: `UPDATE tokens SET expires_at = least(expires_at, clock_timestamp() + interval '24 hours')
        ${live}`,
      values: [id],
    });
    if (ending === 0) throw ended();
    await inTransaction?.(tx, created);
  });
}

const live = `WHERE id = $1 AND revoked_at IS NULL
  AND (expires_at IS NULL OR expires_at > clock_timestamp())`;

function ended(): ApiError {
  return new ApiError('conflict', 'This key was revoked or has expired. Create a new one.');
}
