import { Page } from '../ui/Page.tsx';

export function KnowledgePage() {
  return <Page title="Knowledge">{null}</Page>;
}
