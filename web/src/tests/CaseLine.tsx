import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { TestCase } from '../api/types.ts';
import { Badge } from '../ui/Badge.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { ListLine } from '../ui/ListCard.tsx';
import { sayExpect } from './expect-draft.ts';

export function CaseLine(props: {
  readonly testCase: TestCase;
  readonly agentName: string | undefined;
  readonly why: string | null;
  readonly onEdit: () => void;
}) {
  const { testCase, agentName, why, onEdit } = props;
  const queries = useQueryClient();
  return (
    <li className="px-4 py-2.5 text-[13px]">
      <ListLine
        title={testCase.name}
        badges={testCase.repeat > 1 && <Badge>{testCase.repeat} times</Badge>}
        about={
          <>
            {agentName && <span className="font-medium">{agentName}: </span>}
            {sayExpect(testCase)}
            {testCase.from_run_id && (
              <>
                {' · '}
                <Link
                  to="/runs/$agentId/$runId"
                  params={{ agentId: testCase.agent_id, runId: testCase.from_run_id }}
                  className="text-accent underline"
                >
                  from a run
                </Link>
              </>
            )}
          </>
        }
        actions={
          <>
            <EditButton name={testCase.name} why={why} onClick={onEdit} />
            <DeleteButton
              name={testCase.name}
              why={why}
              explanation="Test runs that it was in stay as they are."
              act={async () => {
                const params = { path: { id: testCase.id } };
                await dataOf(v1.DELETE('/v1/tests/{id}', { params }));
                await queries.invalidateQueries({ queryKey: ['tests'] });
              }}
            />
          </>
        }
      />
    </li>
  );
}
