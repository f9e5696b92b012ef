import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Cpu } from 'lucide-react';
import { useState } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { modelsQuery } from '../api/settings-queries.ts';
import type { Model, ModelTest } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { DeleteButton } from '../ui/DeleteButton.tsx';
import { EditButton } from '../ui/EditButton.tsx';
import { ListCard, ListLine } from '../ui/ListCard.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { ModelDialog } from './ModelDialog.tsx';
import { ModelTestResult } from './ModelTestResult.tsx';

/** Models of the workspace, each with the key of its provider. */
export function ModelsSection() {
  const { workspaceId } = useSession();
  const mayNot = useWhyNot('model', 'write');
  const keyMayNot = useWhyNot('secret', 'write');
  const models = useQuery(modelsQuery(workspaceId));
  const [editing, setEditing] = useState<Model | 'new' | null>(null);
  const why = mayNot ?? keyMayNot;
  return (
    <>
      <ListCard
        title="Models and provider keys"
        query={models}
        icon={<Cpu aria-hidden />}
        emptyTitle="No model of this workspace yet"
        emptyText="Paste the key of a provider and try it at once. Agents can also name any provider/model whose key the server has in its environment."
        addLabel="Add a model"
        why={why}
        onAdd={() => setEditing('new')}
      >
        {(model) => <ModelLine model={model} why={why} onEdit={() => setEditing(model)} />}
      </ListCard>
      {editing !== null && (
        <ModelDialog model={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function ModelLine(props: {
  readonly model: Model;
  readonly why: string | null;
  readonly onEdit: () => void;
}) {
  const { model, why, onEdit } = props;
  const queries = useQueryClient();
  const { busy, error, submit } = useSubmit();
  const [tested, setTested] = useState<ModelTest | null>(null);
  const params = { path: { id: model.id } };
  return (
    <div className="space-y-2">
      <ListLine
        title={<code className="font-mono">{model.name}</code>}
        badges={
          <>
            {model.secret === null ? <Badge>the server’s key</Badge> : null}
            {model.fallbacks.length > 0 && <Badge>{model.fallbacks.length} fallbacks</Badge>}
          </>
        }
        about={
          <>
            {model.provider}/{model.model}
            {model.secret && <> · key in {model.secret}</>}
            {model.base_url && <> · {model.base_url}</>}
          </>
        }
        actions={
          <>
            <Button
              small
              why={why}
              busy={busy}
              onClick={() =>
                void submit(async () => {
                  setTested(null);
                  setTested(await dataOf(v1.POST('/v1/models/{id}/test', { params })));
                })
              }
            >
              Test
            </Button>
            <EditButton name={model.name} why={why} onClick={onEdit} />
            <DeleteButton
              name={model.name}
              why={why}
              explanation="A model that agents or other models name cannot be deleted. Its secret stays."
              act={async () => {
                await dataOf(v1.DELETE('/v1/models/{id}', { params }));
                await queries.invalidateQueries({ queryKey: ['models'] });
              }}
            />
          </>
        }
      />
      <Problem error={error} />
      <div role="status">{tested && <ModelTestResult test={tested} />}</div>
    </div>
  );
}
