import { ApiError } from '../core/errors.ts';
import type { Member, Role } from '../core/member.ts';
import { hashTokenSecret, newTokenSecret } from '../core/token-secret.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import { addMember, inviteAgain, type MemberPath } from '../store/members.ts';
import type { InTransaction } from '../store/workspaces.ts';

// Who is let into a workspace, and how they sign in for the first time: by an identity at the server's issuer,
// or with a secret that is shown once and kept as its hash.

const invitationLifetimeS = 7 * 24 * 3_600;

export interface InviteDeps {
  readonly db: Database;
  /** Of OpenID Connect; null or absent: this server has none. */
  readonly oidc?: { readonly issuer: string } | null;
}

export interface Invited {
  readonly member: Member;
  /** The secret; null for whom no password is needed. */
  readonly invitation: string | null;
}

/**
 * Adds a member, with an invitation if the account is new and has no identity. Null when the workspace is not in
 * scope. Throws `validation_error` for a subject without an issuer, and what `addMember` throws.
 */
export async function invite(
  { db, oidc }: InviteDeps,
  place: { readonly scope: WorkspaceScope; readonly workspaceId: string },
  given: {
    readonly email: string;
    readonly role: Role;
    readonly firstName: string | null;
    readonly lastName: string | null;
    readonly oidcSubject: string | null;
    readonly inTransaction: InTransaction<Invited>;
  },
): Promise<Invited | null> {
  const { oidcSubject, inTransaction, ...person } = given;
  const { secret, stored } = newInvitation();
  const identity = identityOf(oidc?.issuer ?? null, oidcSubject);
  const shown = (added: { readonly member: Member; readonly invited: boolean }) => ({
    member: added.member,
    invitation: added.invited ? secret : null,
  });
  const input = { ...person, identity, invitation: identity === null ? stored : null };
  const added = await addMember(db, place, input, (tx, made) => inTransaction(tx, shown(made)));
  return added === null ? null : shown(added);
}

/** A new invitation in place of the one before. Null and errors as those of `inviteAgain` in the store. */
export async function renewInvitation(
  { db }: InviteDeps,
  path: MemberPath,
): Promise<Invited | null> {
  const { secret, stored } = newInvitation();
  const member = await inviteAgain(db, path, stored);
  return member === null ? null : { member, invitation: secret };
}

function newInvitation() {
  const secret = newTokenSecret('capi');
  return { secret, stored: { hash: hashTokenSecret(secret), lifetimeS: invitationLifetimeS } };
}

function identityOf(issuer: string | null, subject: string | null) {
  if (subject === null) return null;
  if (issuer !== null) return { issuer, subject };
  throw new ApiError(
    'validation_error',
    'oidc_subject: this server has no OpenID Connect issuer.',
    {
      details: { oidc_subject: 'needs SIGNALBOX_OIDC_ISSUER to be set on the server' },
    },
  );
}
