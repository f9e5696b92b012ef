import { Check, Select, TextField } from '../ui/Field.tsx';
import type { AgentDraft } from './agent-draft.ts';
import { ListField } from './ListField.tsx';

type Field = AgentDraft['output_schema'][number];
const types = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'date',
  'datetime',
] as const;

export function OutputField(props: {
  readonly value: AgentDraft['output_schema'];
  readonly onChange: (value: AgentDraft['output_schema']) => void;
}) {
  return (
    <ListField<Field>
      title="Structured output"
      itemName="output field"
      empty="None: the run ends with its answer alone."
      fresh={() => ({ name: '', description: '', type: 'string', is_required: true })}
      {...props}
    >
      {(field, change) => (
        <div className="grid gap-2 sm:grid-cols-[minmax(0,1fr)_7rem]">
          <TextField
            label="Field"
            value={field.name}
            placeholder="resolution"
            spellCheck={false}
            onChange={(event) => change({ name: event.target.value })}
          />
          <Select
            label="Type"
            value={field.type}
            options={types.map((each) => [each, each])}
            onChange={(event) => change({ type: event.target.value as Field['type'] })}
          />
          <TextField
            label="Description"
            value={field.description}
            onChange={(event) => change({ description: event.target.value })}
          />
          <div className="self-end pb-1.5">
            <Check
              label="Required"
              checked={field.is_required}
              onChange={(event) => change({ is_required: event.target.checked })}
            />
          </div>
        </div>
      )}
    </ListField>
  );
}
