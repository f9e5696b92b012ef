import { useQuery } from '@tanstack/react-query';
import { secretsQuery } from '../api/queries.ts';
import type { Runtime } from '../api/types.ts';
import { useSession } from '../shell/workspace.tsx';
import { Choices } from '../ui/Choices.tsx';
import { Check, TextField } from '../ui/Field.tsx';
import { JsonField } from '../ui/JsonField.tsx';
import { Card } from '../ui/Page.tsx';
import { useTypedText } from '../ui/use-typed-text.ts';
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
  const [hosts, setHosts] = useTypedText(
    value.network,
    (network) => network?.allow.join(', ') ?? '',
  );
  return (
    <>
      <Card title="Parameters">
        <div className="p-4">
          <JsonField
            label="Parameters, as JSON"
            rows={7}
            hint='By name: {"order_id": {"type": "string", "required": true, "description": "…"}}; left empty, {}, they are read from the code'
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
            value={hosts}
            onChange={({ target }) => {
              const allow = target.value.split(/[\s,]+/).filter(Boolean);
              const network = allow.length === 0 ? null : { allow };
              setHosts(target.value, network);
              change({ network });
            }}
          />
          {names.length > 0 && (
            <Choices
              legend="Secrets that it is given"
              className="space-y-1.5"
              options={names.map((name) => [name, name])}
              chosen={value.secrets}
              onChange={(secrets) => change({ secrets })}
            />
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
