import { commaList } from '../ui/comma-list.ts';
import { Check, Select, TextField } from '../ui/Field.tsx';
import { Card } from '../ui/Page.tsx';
import { useTypedText } from '../ui/use-typed-text.ts';
import type { AgentDraft } from './agent-draft.ts';

type Approvals = NonNullable<AgentDraft['approvals']>;

const noApprovals: Approvals = {
  run: null,
  tools: [],
  approvers: [],
  expires_after_ms: 7 * 24 * 3_600_000,
  on_expiry: 'reject',
};

/** How it answers and remembers, what needs a person, and how many of its runs go at once. */
export function BehaviourField(props: {
  readonly value: AgentDraft;
  readonly change: (patch: Partial<AgentDraft>) => void;
}) {
  const { value, change } = props;
  const { approvals, memory } = value;
  const setApprovals = (patch: Partial<Approvals>) => {
    const next = { ...noApprovals, ...approvals, ...patch };
    change({ approvals: next.run === null && next.tools.length === 0 ? null : next });
  };
  return (
    <Card title="Behaviour">
      <div className="grid gap-4 p-4 sm:grid-cols-2">
        <Select
          label="A person approves"
          value={approvals?.run ?? ''}
          options={[
            ['', 'nothing of each run'],
            ['start', 'its start'],
            ['reply', 'its reply'],
          ]}
          onChange={(event) =>
            setApprovals({ run: (event.target.value || null) as Approvals['run'] })
          }
        />
        <NamesField
          label="And calls of these tools"
          value={approvals?.tools ?? []}
          onChange={(tools) => setApprovals({ tools: [...tools] })}
        />
        <Select
          label="Memory"
          value={memory?.scope ?? ''}
          options={[
            ['', 'none'],
            ['agent', 'its own'],
            ['shared', 'shared by agents'],
          ]}
          onChange={({ target }) =>
            change({
              memory:
                target.value === ''
                  ? null
                  : {
                      scope: target.value === 'shared' ? 'shared' : 'agent',
                      can_write: memory?.can_write ?? true,
                    },
            })
          }
        />
        <TextField
          label="Runs at once"
          type="number"
          min={1}
          placeholder="no limit"
          value={value.concurrency ?? ''}
          onChange={({ target }) =>
            change({ concurrency: target.value === '' ? null : Number(target.value) })
          }
        />
        {memory !== null && (
          <Check
            label="It may write to its memory"
            checked={memory.can_write}
            onChange={(event) => change({ memory: { ...memory, can_write: event.target.checked } })}
          />
        )}
        <Check
          label="Look back before it answers"
          hint="It reflects, and guardrails are checked."
          checked={value.responseflow}
          onChange={(event) => change({ responseflow: event.target.checked })}
        />
        <Check
          label="Name its sources"
          hint="Answers from knowledge say where from."
          checked={value.cite_sources}
          onChange={(event) => change({ cite_sources: event.target.checked })}
        />
        <Check
          label="Once for each entity"
          hint="Further events of an entity that it ran for are skipped."
          checked={value.run_only_once_per_entity}
          onChange={(event) => change({ run_only_once_per_entity: event.target.checked })}
        />
      </div>
    </Card>
  );
}

function NamesField(props: {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}) {
  const [text, setText] = useTypedText(props.value, (names) => names.join(', '));
  return (
    <TextField
      label={props.label}
      spellCheck={false}
      placeholder="none"
      hint="names, with commas in between"
      value={text}
      onChange={({ target }) => {
        const names = commaList(target.value);
        setText(target.value, names);
        props.onChange(names);
      }}
    />
  );
}
