import { TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import type { AgentDraft } from './agent-draft.ts';

type Limits = NonNullable<AgentDraft['limits']>;

const none: Limits = { max_steps: null, max_tokens: null, max_cost_usd: null, timeout_ms: null };

const fields = [
  ['max_steps', 'Steps', 1],
  ['max_tokens', 'Tokens', 1],
  ['max_cost_usd', 'Cost, $', 1],
  ['timeout_ms', 'Time, seconds', 1_000],
] as const;

/** Caps of a run; an empty one is the server's own. */
export function LimitsField(props: {
  readonly value: AgentDraft['limits'];
  readonly onChange: (value: AgentDraft['limits']) => void;
}) {
  const limits = props.value ?? none;
  const set = (name: keyof Limits, factor: number, text: string) => {
    const given = text === '' ? null : Number(text) * factor;
    const next = { ...limits, [name]: given };
    props.onChange(Object.values(next).every((each) => each === null) ? null : next);
  };
  return (
    <Card title="Limits of a run">
      <div className="grid grid-cols-2 gap-4 p-4">
        {fields.map(([name, label, factor]) => (
          <TextField
            key={name}
            label={label}
            type="number"
            min={0}
            step={name === 'max_cost_usd' ? 'any' : 1}
            placeholder="the server’s"
            value={limits[name] === null ? '' : limits[name] / factor}
            onChange={(event) => set(name, factor, event.target.value)}
          />
        ))}
      </div>
    </Card>
  );
}
