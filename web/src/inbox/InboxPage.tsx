import { Page } from '../ui/Page.tsx';

export function InboxPage() {
  return <Page title="Inbox">{null}</Page>;
}
