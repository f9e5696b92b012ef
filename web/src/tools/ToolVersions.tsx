import { useQuery, useQueryClient } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { toolQuery, toolVersionsQuery } from '../api/queries.ts';
import type { Tool } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { Unanswered } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { ConfirmButton } from '../ui/Confirm.tsx';
import { classes } from '../ui/classes.ts';
import { LineDiff } from '../ui/LineDiff.tsx';
import { Card } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';

/** Every version of the code: what it changed, and the way back to it. */
export function ToolVersions({ tool }: { readonly tool: Tool }) {
  const queries = useQueryClient();
  const mayNot = useWhyNot('custom_tool', 'write');
  const versions = useQuery(toolVersionsQuery(tool.id));
  const [chosen, setChosen] = useState(tool.version);
  if (versions.data === undefined) {
    return (
      <Card>
        <Unanswered query={versions} label="Loading versions" />
      </Card>
    );
  }
  const at = versions.data.findIndex(({ version }) => version === chosen);
  const version = versions.data[at];
  const before = versions.data[at + 1];
  const rollback = async () => {
    const params = { path: { id: tool.id } };
    const made = await dataOf(
      v1.POST('/v1/custom-tools/{id}/rollback', { params, body: { version: chosen } }),
    );
    queries.setQueryData(toolQuery(tool.id).queryKey, made);
    await queries.invalidateQueries({ queryKey: ['tool', tool.id] });
    setChosen(made.version);
  };
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[16rem_minmax(0,1fr)]">
      <Card title="Versions">
        <ol className="max-h-[70dvh] overflow-y-auto">
          {versions.data.map(({ version: number, created_at }) => (
            <li key={number}>
              <button
                type="button"
                aria-pressed={number === chosen}
                onClick={() => setChosen(number)}
                className={classes(
                  'flex w-full items-center gap-2 px-4 py-2 text-left text-[13px] hover:bg-sunken',
                  number === chosen && 'bg-sunken font-medium',
                )}
              >
                <span className="grow">Version {number}</span>
                {number === tool.version && <Badge tone="good">current</Badge>}
                <span className="text-xs text-muted">
                  <Time at={created_at} />
                </span>
              </button>
            </li>
          ))}
        </ol>
      </Card>
      {version && (
        <Card
          title={before ? `What version ${chosen} changed` : `Version ${chosen}, the first`}
          actions={
            <ConfirmButton
              small
              icon={<History size={14} aria-hidden />}
              why={mayNot ?? (chosen === tool.version ? 'It is the current one.' : null)}
              question={`Bring the code of version ${chosen} back?`}
              explanation="It is saved as a new version, so nothing is lost. Limits and rights stay as they are."
              confirmLabel="Bring it back"
              act={rollback}
            >
              Bring it back
            </ConfirmButton>
          }
        >
          <div className="p-4">
            <LineDiff label="Code" before={before?.code ?? ''} after={version.code} />
          </div>
        </Card>
      )}
    </div>
  );
}
