import { useQuery } from '@tanstack/react-query';
import { fieldDecisionQuery } from '../api/work-queries.ts';
import type { FieldDecision } from '../api/work-types.ts';
import { Answer } from '../ui/Answer.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Fact, Facts } from '../ui/Facts.tsx';
import { JsonView } from '../ui/JsonView.tsx';
import { LongText } from '../ui/LongText.tsx';
import { liveEveryMs } from '../ui/live.ts';
import { Card } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { FieldDecisionBox } from './FieldDecisionBox.tsx';
import { ItemFrame } from './ItemFrame.tsx';

/** What a run proposes for a field of a record, why, out of what; and the run beside it. */
export function FieldDecisionView({ id }: { readonly id: string }) {
  const decision = useQuery({ ...fieldDecisionQuery(id), refetchInterval: liveEveryMs });
  return (
    <Answer query={decision} label="Loading the proposal">
      {(data) => (
        <ItemFrame
          item={data}
          kind={data.purpose === 'dispatch' ? 'dispatch' : 'field update'}
          origin={
            <>
              proposed <Time at={data.created_at} />
            </>
          }
        >
          <Card title="What is proposed">
            <Proposed decision={data} />
            <FieldDecisionBox key={data.status} decision={data} />
          </Card>
          {data.options.length > 0 && (
            <Card title={data.purpose === 'dispatch' ? 'Candidates' : 'Options'}>
              <Options decision={data} />
            </Card>
          )}
        </ItemFrame>
      )}
    </Answer>
  );
}

function Proposed({ decision }: { readonly decision: FieldDecision }) {
  const { kind, entity_id: entity, field, is_custom_field: isCustom } = decision;
  return (
    <div className="space-y-3 p-4">
      <Facts>
        <Fact name="Record">
          {kind} {entity}
        </Fact>
        <Fact name={isCustom ? 'Custom field' : 'Field'}>{field}</Fact>
        <Fact name="Why">
          <LongText text={decision.justification} />
        </Fact>
      </Facts>
      <div className="grid gap-3 sm:grid-cols-2">
        <JsonView value={decision.current_value ?? null} label="It held" />
        <JsonView
          value={decision.proposed_value ?? null}
          label={decision.should_update ? 'It should hold' : 'It should stay'}
        />
      </div>
    </div>
  );
}

function Options({ decision }: { readonly decision: FieldDecision }) {
  return (
    <ul className="divide-y divide-line/70 text-[13px]">
      {decision.options.map(({ id, name, description, score }) => (
        <li key={id} className="space-y-0.5 px-4 py-2.5">
          <p className="flex flex-wrap items-baseline gap-2">
            <span className="min-w-0 break-words font-medium">{name}</span>
            <span className="break-all text-2xs text-faint">{id}</span>
            {id === decision.proposed_option_id && <Badge tone="good">proposed</Badge>}
            {score !== null && <span className="ml-auto text-muted">{score} of 100</span>}
          </p>
          {description !== null && <p className="break-words text-muted">{description}</p>}
        </li>
      ))}
    </ul>
  );
}
