import type { Escalation } from '../api/work-types.ts';
import { LongText } from '../ui/LongText.tsx';
import { Card } from '../ui/Page.tsx';

/** Why the agent asks for a person, in its own words. */
export function HandedOver({ escalation }: { readonly escalation: Escalation }) {
  const {
    disposition_reason: reason,
    questions_for_operator: questions,
    request_for_additional_info: request,
    broken_guardrails: guardrails,
  } = escalation;
  const isSilent = !reason && questions.length === 0 && !request && guardrails.length === 0;
  return (
    <Card title="Why it was handed over">
      <div className="space-y-3 p-4 text-[13px]">
        {isSilent && <p className="text-muted">The agent gave no reason; its run shows more.</p>}
        {reason && (
          <p className="break-words">
            <LongText text={reason} />
          </p>
        )}
        {guardrails.map(({ id, title, why }) => (
          <p key={id} className="break-words rounded-md border border-bad/40 bg-bad/8 px-3 py-2">
            <span className="font-medium text-bad">Broken guardrail: {title}.</span> {why}
          </p>
        ))}
        {questions.length > 0 && (
          <div>
            <h3 className="mb-1 text-xs font-medium text-muted">It asks</h3>
            <ul className="list-disc space-y-1 break-words pl-5">
              {questions.map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ul>
          </div>
        )}
        {request && (
          <div>
            <h3 className="mb-1 text-xs font-medium text-muted">It needs to know</h3>
            <p className="break-words">{request}</p>
          </div>
        )}
      </div>
    </Card>
  );
}
