import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { dispositionNames } from '../runs/status.ts';
import { dispositions } from '../search.ts';
import { Button } from '../ui/Button.tsx';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { JsonField } from '../ui/JsonField.tsx';
import {
  dispositionsOf,
  type Expect,
  type TextRule,
  textRules,
  toolsOf,
  withMember,
  withTools,
} from './expect-draft.ts';

/** What is expected of a case: in fields, or all of it as JSON. */
export function ExpectFields(props: {
  readonly value: Expect;
  readonly onChange: (value: Expect) => void;
}) {
  const { value, onChange } = props;
  const [asJson, setAsJson] = useState(false);
  return (
    <fieldset className="space-y-3 rounded-md border border-line p-3">
      <legend className="px-1 text-xs font-medium text-muted">Expected</legend>
      {asJson ? (
        <JsonField
          label="Expectations, as JSON"
          rows={10}
          hint="also output: [{path, equals | matches | exists}], tools_in_order, max_tool_calls, status"
          value={value}
          onChange={onChange}
        />
      ) : (
        <Fields value={value} onChange={onChange} />
      )}
      <Button kind="quiet" small onClick={() => setAsJson(!asJson)}>
        {asJson ? 'As fields' : 'All of it as JSON'}
      </Button>
    </fieldset>
  );
}

function Fields({ value, onChange }: Parameters<typeof ExpectFields>[0]) {
  const chosen = dispositionsOf(value);
  const cost = value.max_cost_usd;
  return (
    <>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {dispositions.map((each) => (
          <Check
            key={each}
            label={dispositionNames[each]}
            checked={chosen.includes(each)}
            onChange={(event) => {
              const next = event.target.checked
                ? [...chosen, each]
                : chosen.filter((other) => other !== each);
              onChange(withMember(value, 'disposition', next.length === 0 ? undefined : next));
            }}
          />
        ))}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <Names
          label="Calls the tools"
          value={toolsOf(value, 'tools_called')}
          onChange={(text) => onChange(withTools(value, 'tools_called', text))}
        />
        <Names
          label="Does not call"
          value={toolsOf(value, 'tools_not_called')}
          onChange={(text) => onChange(withTools(value, 'tools_not_called', text))}
        />
        <Names
          label="Costs at most, $"
          value={typeof cost === 'number' ? String(cost) : ''}
          onChange={(text) =>
            onChange(withMember(value, 'max_cost_usd', Number(text) > 0 ? Number(text) : undefined))
          }
        />
      </div>
      <TextRules
        value={(value.text ?? []) as readonly TextRule[]}
        onChange={(rules) =>
          onChange(withMember(value, 'text', rules.length === 0 ? undefined : rules))
        }
      />
    </>
  );
}

/** Text that counts when it is left, so that a comma can be typed. */
function Names(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(props.value);
  return (
    <TextField
      label={props.label}
      spellCheck={false}
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        props.onChange(event.target.value);
      }}
    />
  );
}

function TextRules(props: {
  readonly value: readonly TextRule[];
  readonly onChange: (rules: readonly TextRule[]) => void;
}) {
  const { value, onChange } = props;
  const set = (at: number, rule: TextRule) =>
    onChange(value.map((each, index) => (index === at ? rule : each)));
  return (
    <div className="space-y-2">
      {value.map((rule, index) => {
        const [kind = 'contains', text = ''] = Object.entries(rule)[0] ?? [];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no id, and their order does not change.
          <div key={index} className="flex items-end gap-2">
            <Select
              label={`Answer, rule ${index + 1}`}
              value={kind}
              options={textRules}
              onChange={(event) => set(index, { [event.target.value]: text })}
            />
            <div className="grow">
              <TextField
                hideLabel
                label={`Text of rule ${index + 1}`}
                value={text}
                onChange={(event) => set(index, { [kind]: event.target.value })}
              />
            </div>
            <Button
              kind="quiet"
              aria-label={`Remove rule ${index + 1}`}
              icon={<Trash2 size={14} aria-hidden />}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          </div>
        );
      })}
      <Button
        small
        kind="quiet"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => onChange([...value, { contains: '' }])}
      >
        Add a rule for its answer
      </Button>
    </div>
  );
}
