import { getRouteApi, Link } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import { classes } from '../ui/classes.ts';
import { Card, Page } from '../ui/Page.tsx';
import { Empty, Loading } from '../ui/States.tsx';

const route = getRouteApi('/settings/$section');

interface Section {
  readonly name: string;
  readonly label: string;
  readonly Content: ComponentType;
}

const section = (name: string, label: string, load: () => Promise<ComponentType>): Section => ({
  name,
  label,
  Content: lazy(async () => ({ default: await load() })),
});

const sections: readonly Section[] = [
  section('models', 'Models', async () => (await import('./ModelsSection.tsx')).ModelsSection),
  section('prices', 'Prices', async () => (await import('./PricesSection.tsx')).PricesSection),
  section('secrets', 'Secrets', async () => (await import('./SecretsCard.tsx')).SecretsCard),
  section('mcp', 'MCP servers', async () => (await import('./McpSection.tsx')).McpSection),
  section(
    'channels',
    'Channels',
    async () => (await import('./ChannelsSection.tsx')).ChannelsSection,
  ),
  section(
    'webhooks',
    'Webhooks out',
    async () => (await import('./WebhooksSection.tsx')).WebhooksSection,
  ),
  section('alerts', 'Alerts', async () => (await import('./AlertsSection.tsx')).AlertsSection),
  section(
    'notifications',
    'Notifications',
    async () => (await import('./NotificationsSection.tsx')).NotificationsSection,
  ),
  section('limits', 'Limits', async () => (await import('./LimitsSection.tsx')).LimitsSection),
  section(
    'retention',
    'Retention',
    async () => (await import('./RetentionSection.tsx')).RetentionSection,
  ),
  section(
    'members',
    'Members and roles',
    async () => (await import('./MembersSection.tsx')).MembersSection,
  ),
  section('tokens', 'Tokens', async () => (await import('./TokensCard.tsx')).TokensCard),
  section('audit', 'Audit log', async () => (await import('./AuditSection.tsx')).AuditSection),
];

/** What holds for the whole workspace; each part is loaded when it is opened. */
export function SettingsPage() {
  const { section: name } = route.useParams();
  const current = sections.find((each) => each.name === name);
  return (
    <Page title="Settings">
      <div className="flex min-w-0 flex-col gap-4 lg:flex-row">
        <nav
          aria-label="Settings"
          className="flex shrink-0 gap-1 overflow-x-auto pb-1 lg:w-44 lg:flex-col lg:overflow-visible"
        >
          {sections.map((each) => (
            <Link
              key={each.name}
              to="/settings/$section"
              params={{ section: each.name }}
              className={classes(
                'whitespace-nowrap rounded-md px-2.5 py-1.5 text-[13px] font-medium',
                each.name === name
                  ? 'bg-line/70 text-ink'
                  : 'text-muted hover:bg-sunken hover:text-ink',
              )}
            >
              {each.label}
            </Link>
          ))}
        </nav>
        <div className="min-w-0 max-w-4xl grow space-y-4">
          {current === undefined ? (
            <Card>
              <Empty title="There is no such setting">Choose one of those beside this.</Empty>
            </Card>
          ) : (
            <Suspense
              fallback={
                <Card>
                  <Loading label={`Loading ${current.label.toLowerCase()}`} />
                </Card>
              }
            >
              <current.Content />
            </Suspense>
          )}
        </div>
      </div>
    </Page>
  );
}
