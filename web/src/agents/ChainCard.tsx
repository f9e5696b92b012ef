import type { Agent } from '../api/types.ts';
import { JsonView } from '../ui/JsonView.tsx';
import { Card } from '../ui/Page.tsx';

/** The fixed pipeline of an agent that has one; it is written through the API. */
export function ChainCard({ actions }: { readonly actions: NonNullable<Agent['actions']> }) {
  return (
    <Card title="Chain">
      <div className="space-y-3 p-4">
        <p className="text-[13px] text-muted">
          Its runs take these actions in their order. They are changed through the API.
        </p>
        <JsonView value={actions} label="Actions" />
      </div>
    </Card>
  );
}
