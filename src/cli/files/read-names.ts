import type { ApiClient, One } from '../api-client.ts';
import { allOf } from '../find.ts';
import type { Fields } from './objects.ts';
import type { Names } from './to-fields.ts';

/** What others refer to by id, by what it is called. */
export async function readNames(of: {
  readonly client: ApiClient;
  readonly workspaceId: string;
  readonly agents: readonly Fields[];
  readonly skills: readonly Fields[];
}): Promise<Names> {
  const { client, workspaceId, agents, skills } = of;
  const query = { workspace_id: workspaceId };
  const path = '/v1/inbox-types';
  const inboxTypes = await client.send<One<readonly Fields[]>>({ path, query });
  const asksPeople = agents.some(
    ({ approvals }) => ((approvals as Fields | null)?.approvers as unknown[] | undefined)?.length,
  );
  return {
    agents: namesOf(agents),
    skills: namesOf(skills),
    inboxTypes: namesOf(inboxTypes.body.data),
    approvers: asksPeople ? await readApprovers(client, workspaceId) : new Map(),
  };
}

/**
 * Who can be named as an approver: `member:<email>`, and `token:<name>` where only one has the name. Whoever may not
 * see members or tokens sees ids.
 */
export async function readApprovers(
  client: ApiClient,
  workspaceId: string,
): Promise<ReadonlyMap<string, string>> {
  const seen = async (path: string): Promise<readonly Fields[]> => {
    const { status } = await client.ask(`${path}?limit=1`);
    return status === 200 ? await allOf<Fields>(client, path) : [];
  };
  const members = await seen(`/v1/workspaces/${encodeURIComponent(workspaceId)}/users`);
  const tokens = await seen('/v1/tokens');
  const named = [
    ...members.map(({ id, email }) => [String(id), `member:${String(email)}`] as const),
    ...tokens.map(({ id, name }) => [String(id), `token:${String(name)}`] as const),
  ];
  return new Map(
    named.filter(([id, name]) =>
      named.every(([otherId, other]) => otherId === id || other !== name),
    ),
  );
}

function namesOf(shown: readonly Fields[]): ReadonlyMap<string, string> {
  return new Map(shown.map(({ id, name }) => [String(id), String(name)]));
}
