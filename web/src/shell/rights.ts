import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '../api/settings-queries.ts';
import { useSession } from './workspace.tsx';

export type Right = 'read' | 'write' | 'owner' | 'admin';

const levels = ['View', 'Edit', 'Manage'];
const wanted: Readonly<Record<Right, string>> = {
  read: 'View',
  write: 'Edit',
  owner: 'Manage',
  admin: 'Manage',
};

/**
 * Why who is signed in cannot do something with a kind of thing in this workspace; null when they can. The server
 * judges anew: this only keeps from offering what it would refuse.
 */
export function useWhyNot(resource: string, right: Right): string | null {
  const { me, workspaceId } = useSession();
  const isPerson = me.user !== null;
  const roles = useQuery({ ...rolesQuery(workspaceId), enabled: isPerson && workspaceId !== '' });
  if (me.access === 'admin') return null;
  if (right === 'admin') return 'Only the admin token of this server may do that.';
  if (!isPerson) {
    if (right === 'owner') return 'Only owners of the workspace and the admin token may do that.';
    const isBlocked = right === 'write' && me.access === 'read';
    return isBlocked ? 'The token you signed in with can only read.' : null;
  }
  const role = me.workspaces.find(({ id }) => id === workspaceId)?.role ?? null;
  if (role === 'owner') return null;
  if (roles.data === undefined) return 'Your rights are not known yet.';
  const thing = resource.replaceAll('_', ' ');
  const own = roles.data.find(({ role_id }) => role_id === role)?.permissions ?? [];
  const held = own.some((permission) => {
    const [level = '', ...what] = permission.split(' ');
    return what.join(' ') === thing && levels.indexOf(level) >= levels.indexOf(wanted[right]);
  });
  return held ? null : `As ${role ?? 'a guest'} of this workspace you may not do that.`;
}
