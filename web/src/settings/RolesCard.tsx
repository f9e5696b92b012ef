import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '../api/settings-queries.ts';
import { useSession } from '../shell/workspace.tsx';
import { Card } from '../ui/Page.tsx';
import { Loading, Problem } from '../ui/States.tsx';

/** What each role may do, as the server has it. */
export function RolesCard() {
  const { workspaceId } = useSession();
  const roles = useQuery(rolesQuery(workspaceId));
  return (
    <Card title="Roles">
      <Problem error={roles.error} />
      {roles.isPending ? (
        <Loading label="Loading roles" />
      ) : (
        <ul className="divide-y divide-line/70">
          {roles.data?.map(({ role_id, name, permissions }) => (
            <li key={role_id} className="px-4 py-2.5">
              <details className="text-[13px]">
                <summary className="font-medium">
                  {name} <span className="font-normal text-muted">{sums(permissions)}</span>
                </summary>
                <p className="mt-1.5 text-xs leading-relaxed text-muted">
                  {permissions.join(', ')}
                </p>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function sums(permissions: readonly string[]): string {
  const some = (word: string) => permissions.filter((each) => each.startsWith(word)).length;
  return [
    ['manages', some('Manage')],
    ['edits', some('Edit')],
    ['only sees', some('View')],
  ]
    .filter(([, number]) => number !== 0)
    .map(([word, number]) => `${word} ${number} ${number === 1 ? 'kind' : 'kinds'} of things`)
    .join(', ');
}
