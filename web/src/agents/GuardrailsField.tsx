import { TextArea, TextField } from '../ui/Field.tsx';
import type { AgentDraft } from './agent-draft.ts';
import { ListField } from './ListField.tsx';

export function GuardrailsField(props: {
  readonly value: AgentDraft['guardrails'];
  readonly onChange: (value: AgentDraft['guardrails']) => void;
}) {
  return (
    <ListField
      title="Guardrails"
      itemName="guardrail"
      empty="None. A guardrail is a rule that holds whatever the instructions say."
      fresh={() => ({ title: '', knowledge: '' })}
      {...props}
    >
      {(guardrail, change) => (
        <div className="space-y-2">
          <TextField
            label="Rule"
            value={guardrail.title}
            placeholder="Do not promise refunds"
            onChange={(event) => change({ title: event.target.value })}
          />
          <TextArea
            label="What it means"
            rows={2}
            value={guardrail.knowledge}
            onChange={(event) => change({ knowledge: event.target.value })}
          />
        </div>
      )}
    </ListField>
  );
}
