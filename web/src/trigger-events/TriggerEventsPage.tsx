import { Page } from '../ui/Page.tsx';

export function TriggerEventsPage() {
  return <Page title="Trigger events">{null}</Page>;
}
