import { useQuery } from '@tanstack/react-query';
import { JsonField } from '../agents/JsonField.tsx';
import { secretsQuery } from '../api/queries.ts';
import type { Runtime } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Check, TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import type { ToolDraft } from './tool-draft.ts';

const flags = [
  ['has_effects', 'Has effects', 'It changes something outside: a dry run does not call it.'],
  ['idempotent', 'May be repeated', 'A call that a crash cut off is made again.'],
  ['requires_approval', 'Needs approval', 'A person decides before an agent’s call is made.'],
  ['enable_globally', 'For every agent', 'Agents need not name it.'],
] as const;

/** Parameters, limits and rights of a tool. */
export function ToolSettings(props: {
  readonly value: ToolDraft;
  readonly runtime: Runtime | undefined;
  readonly change: (patch: Partial<ToolDraft>) => void;
}) {
  const { value, runtime, change } = props;
  const { workspaceId } = useSession();
  const secrets = useQuery(secretsQuery(workspaceId));
  const names = [...new Set([...(secrets.data ?? []).map(({ name }) => name), ...value.secrets])];
  return (
    <>
      <Card title="Parameters">
        <div className="p-4">
          <JsonField
            key={JSON.stringify(value.parameters) === '{}' ? 'none' : 'some'}
            label="Parameters, as JSON"
            rows={7}
            hint='By name: {"order_id": {"type": "string", "required": true, "description": "…"}}'
            value={value.parameters}
            onChange={(parameters) => change({ parameters })}
          />
        </div>
      </Card>
      <Card title="Limits and rights">
        <div className="space-y-4 p-4">
          <div className="grid grid-cols-2 gap-4">
            <TextField
              label="Time, ms"
              type="number"
              min={1}
              max={runtime?.limits.max_timeout_ms}
              value={value.timeout_ms}
              onChange={(event) => change({ timeout_ms: Number(event.target.value) })}
            />
            <TextField
              label="Memory, MB"
              type="number"
              min={16}
              max={runtime?.limits.max_memory_mb}
              value={value.memory_mb}
              onChange={(event) => change({ memory_mb: Number(event.target.value) })}
            />
          </div>
          <TextField
            label="Hosts that it may reach"
            placeholder="none"
            spellCheck={false}
            hint="Names, separated by commas, such as api.example.com. Everything else is out of reach."
            defaultValue={value.network?.allow.join(', ') ?? ''}
            onChange={({ target }) => {
              const allow = target.value.split(/[\s,]+/).filter(Boolean);
              change({ network: allow.length === 0 ? null : { allow } });
            }}
          />
          {names.length > 0 && (
            <fieldset className="space-y-1.5">
              <legend className="mb-1 text-xs font-medium text-muted">
                Secrets that it is given
              </legend>
              {names.map((name) => (
                <Check
                  key={name}
                  label={name}
                  checked={value.secrets.includes(name)}
                  onChange={(event) =>
                    change({
                      secrets: event.target.checked
                        ? [...value.secrets, name]
                        : value.secrets.filter((each) => each !== name),
                    })
                  }
                />
              ))}
            </fieldset>
          )}
          {flags.map(([name, label, hint]) => (
            <Check
              key={name}
              label={label}
              hint={hint}
              checked={value[name]}
              onChange={(event) => change({ [name]: event.target.checked })}
            />
          ))}
        </div>
      </Card>
    </>
  );
}
