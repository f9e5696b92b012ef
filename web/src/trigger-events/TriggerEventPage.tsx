import { Page } from '../ui/Page.tsx';

export function TriggerEventPage() {
  return <Page title="Trigger event">{null}</Page>;
}
