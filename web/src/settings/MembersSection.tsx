import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { membersQuery } from '../api/settings-queries.ts';
import type { Member } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { ShownOnce } from '../ui/ShownOnce.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { PasswordCard } from './PasswordCard.tsx';
import { RolesCard } from './RolesCard.tsx';
import { type Role, roleOptions } from './role-names.ts';

/** Who works in the workspace, and as what. */
export function MembersSection() {
  const { me, workspaceId } = useSession();
  const why = useWhyNot('member', 'owner');
  const members = useQuery(membersQuery(workspaceId));
  const [adding, setAdding] = useState(false);
  const [invitation, setInvitation] = useState<string | null>(null);
  return (
    <>
      <ListCard
        title="Members"
        query={members}
        icon={<Users aria-hidden />}
        emptyTitle="Nobody but tokens yet"
        emptyText="A member signs in with an address and a password of their own, or by your identity provider, and has a role here."
        addLabel="Add a member"
        why={why}
        onAdd={() => setAdding(true)}
      >
        {(member) => (
          <MemberLine
            member={member}
            why={why}
            onInvitation={(secret) => setInvitation(linkOf(secret))}
          />
        )}
      </ListCard>
      <RolesCard />
      {me.user !== null && <PasswordCard />}
      {adding && (
        <MemberDialog
          onClose={() => setAdding(false)}
          onInvitation={(secret) => setInvitation(linkOf(secret))}
        />
      )}
      {invitation !== null && (
        <ShownOnce
          title="Send them this invitation"
          description="It is shown only this once, counts once, and for seven days."
          secret={invitation}
          onClose={() => setInvitation(null)}
        />
      )}
    </>
  );
}

function linkOf(secret: string): string {
  return `${location.origin}/invitation#${secret}`;
}

function MemberLine(props: {
  readonly member: Member;
  readonly why: string | null;
  readonly onInvitation: (secret: string) => void;
}) {
  const { member, why, onInvitation } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const { busy, error, submit } = useSubmit();
  const params = { path: { id: workspaceId, user_id: member.id } };
  const changed = () => queries.invalidateQueries({ queryKey: ['members'] });
  const name = [member.first_name, member.last_name].filter(Boolean).join(' ');
  return (
    <div className="space-y-2">
      <ListLine
        title={name || member.email}
        badges={member.sign_in.length === 0 && <Badge tone="warn">invited</Badge>}
        about={name ? member.email : undefined}
        actions={
          <>
            {member.sign_in.length === 0 && (
              <Button
                small
                busy={busy}
                why={why}
                onClick={() =>
                  void submit(async () => {
                    const made = await dataOf(
                      v1.POST('/v1/workspaces/{id}/users/{user_id}/invitation', {
                        params,
                      }),
                    );
                    if (made.invitation !== null) onInvitation(made.invitation);
                  })
                }
              >
                Invite again
              </Button>
            )}
            <Select
              hideLabel
              label={`Role of ${member.email}`}
              value={member.role}
              disabled={why !== null}
              options={roleOptions}
              onChange={(event) =>
                void submit(async () => {
                  const body = { role: event.target.value as Role };
                  await dataOf(v1.PATCH('/v1/workspaces/{id}/users/{user_id}', { params, body }));
                  await changed();
                })
              }
            />
            <DeleteButton
              name={member.email}
              why={why}
              verb="Remove"
              explanation="They can no longer do anything in this workspace, from their next request on."
              act={async () => {
                await dataOf(v1.DELETE('/v1/workspaces/{id}/users/{user_id}', { params }));
                await changed();
              }}
            />
          </>
        }
      />
      <Problem error={error} />
    </div>
  );
}

function MemberDialog(props: {
  readonly onClose: () => void;
  readonly onInvitation: (secret: string) => void;
}) {
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const save = async () => {
    const made = await dataOf(
      v1.POST('/v1/workspaces/{id}/users', {
        params: { path: { id: workspaceId } },
        body: { email: email.trim(), role },
      }),
    );
    await queries.invalidateQueries({ queryKey: ['members'] });
    if (made.invitation) props.onInvitation(made.invitation);
  };
  return (
    <FormDialog
      title="A new member"
      saveLabel="Add them"
      why={email.trim() === '' ? 'The address is missing.' : null}
      save={save}
      onClose={props.onClose}
    >
      <TextField
        label="Address"
        type="email"
        value={email}
        placeholder="ada@example.com"
        onChange={(event) => setEmail(event.target.value)}
      />
      <Select
        label="Role"
        value={role}
        options={roleOptions}
        onChange={(event) => setRole(event.target.value as Role)}
      />
    </FormDialog>
  );
}
