import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { Model, ModelTest } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { ModelTestResult } from './ModelTestResult.tsx';
import {
  bodyOf,
  draftOf,
  type ModelDraft,
  nameOf,
  type Provider,
  providers,
  secretNameOf,
} from './model-draft.ts';

/** A model and the key of its provider: the key is kept as a secret, and asked with at once. */
export function ModelDialog(props: {
  readonly model: Model | null;
  readonly onClose: () => void;
  readonly onSaved?: (model: Model) => void;
}) {
  const { onClose, onSaved } = props;
  const { workspaceId } = useSession();
  const queries = useQueryClient();
  const [saved, setSaved] = useState(props.model);
  const [draft, setDraft] = useState(() => draftOf(props.model));
  const [key, setKey] = useState('');
  const [tested, setTested] = useState<ModelTest | null>(null);
  const { busy, error, submit } = useSubmit();
  const change = (patch: Partial<ModelDraft>) => {
    setDraft((before) => ({ ...before, ...patch }));
    setTested(null);
  };
  const save = async () => {
    const query = { workspace_id: workspaceId };
    let secret = saved?.secret ?? null;
    if (key !== '') {
      secret ??= secretNameOf(nameOf(draft));
      const params = { path: { name: secret } };
      await answerOf(v1.PUT('/v1/secrets/{name}', { params, body: { ...query, value: key } }));
      await queries.invalidateQueries({ queryKey: ['secrets'] });
    }
    const body = { ...bodyOf(draft), secret };
    const made = await dataOf<Model>(
      saved === null
        ? v1.POST('/v1/models', { body: { ...query, ...body } })
        : v1.PATCH('/v1/models/{id}', { params: { path: { id: saved.id } }, body }),
    );
    setSaved(made);
    setKey('');
    await queries.invalidateQueries({ queryKey: ['models'] });
    onSaved?.(made);
    setTested(await dataOf(v1.POST('/v1/models/{id}/test', { params: { path: { id: made.id } } })));
  };
  const example = providers.find(([id]) => id === draft.provider)?.[2] ?? '';
  const needsAddress = draft.provider === 'openai-compatible' && draft.base_url.trim() === '';
  const why =
    draft.model.trim() === ''
      ? 'The model is missing.'
      : needsAddress
        ? 'A compatible server needs its address.'
        : null;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={props.model === null ? 'A model and its key' : `Change ${props.model.name}`}
      description="Agents name it; its key, address and limits can change without touching them."
      actions={
        <>
          <Button onClick={onClose}>{saved === props.model ? 'Leave it' : 'Done'}</Button>
          <Button kind="primary" busy={busy} why={why} onClick={() => void submit(save)}>
            Save and test
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="Provider"
          value={draft.provider}
          options={providers.map(([id, label]) => [id, label])}
          onChange={(event) => change({ provider: event.target.value as Provider, settings: {} })}
        />
        <TextField
          label="Model"
          value={draft.model}
          placeholder={example}
          spellCheck={false}
          hint="as the provider calls it"
          onChange={(event) => change({ model: event.target.value })}
        />
        <TextField
          label="Provider key"
          type="password"
          autoComplete="off"
          value={key}
          placeholder={saved?.secret ? 'unchanged' : 'none: the server’s own, if it has one'}
          hint={
            saved?.secret
              ? `Pasted anew, it replaces the secret ${saved.secret}.`
              : 'Kept sealed as a secret of the workspace; never shown again.'
          }
          onChange={(event) => {
            setKey(event.target.value);
            setTested(null);
          }}
        />
        <TextField
          label="Name"
          value={draft.name}
          placeholder={nameOf(draft) || 'fast'}
          spellCheck={false}
          hint="what agents give as their model"
          onChange={(event) => change({ name: event.target.value })}
        />
        <TextField
          label="Address"
          value={draft.base_url}
          placeholder={draft.provider === 'openai-compatible' ? 'https://…/v1' : 'the provider’s'}
          spellCheck={false}
          hint="only for another address than the provider’s own"
          onChange={(event) => change({ base_url: event.target.value })}
        />
        <ProviderFields draft={draft} change={change} />
      </div>
      <details className="text-[13px]">
        <summary className="text-muted">Limits and fallbacks</summary>
        <div className="mt-3 grid gap-4 sm:grid-cols-3">
          {(
            [
              ['requests_per_minute', 'Requests a minute'],
              ['tokens_per_minute', 'Tokens a minute'],
              ['max_concurrent', 'Calls at once'],
            ] as const
          ).map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              inputMode="numeric"
              placeholder="no limit"
              value={draft.limits[name]}
              problem={/^\d*$/.test(draft.limits[name]) ? null : 'a whole number'}
              onChange={(event) =>
                change({ limits: { ...draft.limits, [name]: event.target.value } })
              }
            />
          ))}
          <div className="sm:col-span-3">
            <TextField
              label="Fallbacks"
              placeholder="none"
              spellCheck={false}
              hint="models that are asked in this order when it fails, with commas in between"
              value={draft.fallbacks}
              onChange={(event) => change({ fallbacks: event.target.value })}
            />
          </div>
        </div>
      </details>
      <Problem error={error} />
      <div role="status">{tested && <ModelTestResult test={tested} />}</div>
    </Dialog>
  );
}

const providerFields: Partial<
  Record<Provider, readonly (readonly ['resource_name' | 'api_version' | 'region', string])[]>
> = {
  azure: [
    ['resource_name', 'Azure resource'],
    ['api_version', 'API version'],
  ],
  bedrock: [['region', 'Region']],
};

function ProviderFields(props: {
  readonly draft: ModelDraft;
  readonly change: (patch: Partial<ModelDraft>) => void;
}) {
  const { draft, change } = props;
  return providerFields[draft.provider]?.map(([name, label]) => (
    <TextField
      key={name}
      label={label}
      spellCheck={false}
      value={draft.settings[name] ?? ''}
      onChange={({ target: { value } }) => {
        const { [name]: _before, ...rest } = draft.settings;
        change({ settings: value === '' ? rest : { ...rest, [name]: value } });
      }}
    />
  ));
}
