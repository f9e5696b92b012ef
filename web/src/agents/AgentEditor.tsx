import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Save } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { agentQuery } from '../api/queries.ts';
import { modelsQuery } from '../api/settings-queries.ts';
import type { Agent, AgentInput } from '../api/types.ts';
import { useWhyNot } from '../shell/rights.ts';
import { useSession } from '../shell/workspace.tsx';
import { Button } from '../ui/Button.tsx';
import { Check, Select, TextArea, TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { Problem } from '../ui/States.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { useSubmit } from '../ui/use-submit.ts';
import { type AgentDraft, changesOf, draftOf, emptyAgent, withoutSecrets } from './agent-draft.ts';
import { BehaviourField } from './BehaviourField.tsx';
import { ChainCard } from './ChainCard.tsx';
import { GuardrailsField } from './GuardrailsField.tsx';
import { LimitsField } from './LimitsField.tsx';
import { ModelField } from './ModelField.tsx';
import { OutputField } from './OutputField.tsx';
import { SkillsField } from './SkillsField.tsx';
import { ToolsField } from './ToolsField.tsx';
import { TriggersField } from './TriggersField.tsx';

const languages = ['Original', 'English', 'German', 'French', 'Spanish', 'Italian'] as const;

/** All that an agent is made of. What is typed is kept until it is saved or discarded. */
export function AgentEditor({ agent }: { readonly agent: Agent | null }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { workspaceId } = useSession();
  const readOnly = useWhyNot('agent', 'write');
  const models = useQuery({ ...modelsQuery(workspaceId), enabled: agent === null });
  const firstModel = models.data?.[0]?.name ?? null;
  const saved = useMemo(
    () => (agent === null ? { ...emptyAgent, model: firstModel } : draftOf(agent)),
    [agent, firstModel],
  );
  const draft = useDraft<AgentDraft>({
    name: `agent-${agent?.id ?? `new-${workspaceId}`}`,
    base: String(agent?.agent_version ?? 0),
    saved,
    forget: withoutSecrets,
  });
  const { value, change } = draft;
  const { busy, error, submit } = useSubmit();
  const save = () =>
    submit(async () => {
      const made = await dataOf(
        agent === null
          ? v1.POST('/v1/agents', { body: { workspace_id: workspaceId, ...value } as AgentInput })
          : v1.PATCH('/v1/agents/{id}', {
              params: { path: { id: agent.id } },
              body: changesOf(saved, value) as Partial<AgentInput>,
            }),
      );
      draft.discard();
      queries.setQueryData(agentQuery(made.id).queryKey, made);
      await queries.invalidateQueries({ queryKey: ['agents'] });
      await queries.invalidateQueries({ queryKey: ['agent', made.id, 'versions'] });
      if (agent === null) {
        await navigate({
          to: '/agents/$agentId',
          params: { agentId: made.id },
          search: { tab: 'playground' },
        });
      }
    });
  const saveCandidate = (of: Agent) =>
    submit(async () => {
      const { triggers: _triggers, enabled: _enabled, ...body } = changesOf(saved, value);
      const params = { path: { id: of.id } };
      await dataOf(v1.POST('/v1/agents/{id}/versions', { params, body: body as never }));
      draft.discard();
      await queries.invalidateQueries({ queryKey: ['agent', of.id, 'versions'] });
      await navigate({
        to: '/agents/$agentId',
        params: { agentId: of.id },
        search: { tab: 'versions' },
      });
    });
  useSaveKey(() => !busy && void save(), draft.isChanged && readOnly === null);
  const why =
    readOnly ??
    (draft.isChanged
      ? whyIncomplete(value)
      : agent === null
        ? 'Nothing is filled in.'
        : 'Nothing is changed.');
  return (
    <div className="grid grid-cols-1 items-start gap-4 @4xl:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)]">
      <div className="space-y-4">
        <Card title="What it does">
          <div className="space-y-4 p-4">
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField
                label="Name"
                value={value.name}
                maxLength={200}
                required
                onChange={(event) => change({ name: event.target.value })}
              />
              <TextField
                label="Description"
                value={value.description}
                required
                onChange={(event) => change({ description: event.target.value })}
              />
            </div>
            <TextArea
              label="Instructions"
              rows={14}
              value={value.instructions}
              required
              hint="What it is to do, step by step, and when to resolve, escalate or do nothing. Markdown is fine."
              onChange={(event) => change({ instructions: event.target.value })}
            />
          </div>
        </Card>
        <GuardrailsField
          value={value.guardrails}
          onChange={(guardrails) => change({ guardrails })}
        />
        <TriggersField value={value.triggers} onChange={(triggers) => change({ triggers })} />
      </div>
      <div className="space-y-4">
        <Card title="How it runs">
          <div className="grid gap-4 p-4 sm:grid-cols-2">
            <ModelField
              label="Model"
              value={value.model}
              placeholder="the server’s default"
              hint="its name here, or provider/model"
              onChange={(model) => change({ model })}
            />
            <ModelField
              label="Fallback model"
              value={value.fallback_model}
              placeholder="none"
              onChange={(fallback_model) => change({ fallback_model })}
            />
            <Select
              label="Operation"
              value={value.operation_mode}
              options={[
                ['autopilot', 'Autopilot: answers itself'],
                ['copilot', 'Copilot: proposes answers'],
                ['inactive', 'Inactive: nothing starts it'],
              ]}
              onChange={(event) =>
                change({ operation_mode: event.target.value as AgentDraft['operation_mode'] })
              }
            />
            <Select
              label="Language of its answers"
              value={value.response_language}
              options={[...new Set([...languages, value.response_language])].map((each) => [
                each,
                each,
              ])}
              onChange={(event) =>
                change({ response_language: event.target.value as AgentDraft['response_language'] })
              }
            />
            <Check
              label="Enabled"
              hint="A disabled agent takes no dispatch."
              checked={value.enabled}
              onChange={(event) => change({ enabled: event.target.checked })}
            />
          </div>
        </Card>
        {agent?.actions && <ChainCard actions={agent.actions} />}
        <ToolsField
          agentId={agent?.id ?? null}
          value={value.tools}
          onChange={(tools) => change({ tools })}
        />
        <SkillsField value={value.skill_ids} onChange={(skill_ids) => change({ skill_ids })} />
        <BehaviourField value={value} change={change} />
        <OutputField
          value={value.output_schema}
          onChange={(output_schema) => change({ output_schema })}
        />
        <LimitsField value={value.limits} onChange={(limits) => change({ limits })} />
      </div>
      <div className="sticky bottom-0 z-20 -mx-3 flex flex-wrap items-center gap-3 border-t border-line bg-canvas px-3 py-3 sm:-mx-6 sm:px-6 @4xl:col-span-2">
        <div className="min-w-0 grow text-[13px] text-muted">
          {error ? (
            <Problem error={error} />
          ) : draft.isStale ? (
            <span className="text-warn">
              Somebody saved this agent after you began: saving replaces what both of you changed.
            </span>
          ) : draft.isRestored ? (
            'Unsaved changes of an earlier visit are shown.'
          ) : draft.isChanged ? (
            'Unsaved changes; they are kept in this browser.'
          ) : (
            ''
          )}
        </div>
        {draft.isChanged && <Button onClick={draft.discard}>Discard changes</Button>}
        {agent !== null && (
          <Button busy={busy} why={why} onClick={() => void saveCandidate(agent)}>
            Save as candidate
          </Button>
        )}
        <Button
          kind="primary"
          busy={busy}
          why={why}
          onClick={() => void save()}
          icon={<Save size={14} aria-hidden />}
        >
          {agent === null ? 'Create agent' : 'Save a new version'}
        </Button>
      </div>
    </div>
  );
}

function whyIncomplete(draft: AgentDraft): string | null {
  for (const name of ['name', 'description', 'instructions'] as const) {
    if (draft[name].trim() === '')
      return `The ${name} ${name.endsWith('s') ? 'are' : 'is'} missing.`;
  }
  if (draft.triggers.some(({ name }) => !name?.trim())) return 'A trigger has no name.';
  return null;
}

/** Ctrl or Cmd with S saves. */
function useSaveKey(save: () => void, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      save();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
