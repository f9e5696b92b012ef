import { Page } from '../ui/Page.tsx';
import { SecretsCard } from './SecretsCard.tsx';
import { TokensCard } from './TokensCard.tsx';

export function SettingsPage() {
  return (
    <Page title="Settings">
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <SecretsCard />
        <TokensCard />
      </div>
    </Page>
  );
}
