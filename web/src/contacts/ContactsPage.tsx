import { Page } from '../ui/Page.tsx';

export function ContactsPage() {
  return <Page title="Contacts">{null}</Page>;
}
