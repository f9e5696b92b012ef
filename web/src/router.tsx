import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { NotFound, Root, RouteFailed } from './Root.tsx';
import { searchOf } from './search.ts';
import { Loading } from './ui/States.tsx';

// Each page is loaded when it is first visited.

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFound,
});

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/runs', replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    validateSearch: searchOf.runs,
    component: lazyRouteComponent(() => import('./runs/RunsPage.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/agents',
    component: lazyRouteComponent(() => import('./agents/AgentsPage.tsx'), 'AgentsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/agents/$agentId',
    validateSearch: searchOf.agent,
    component: lazyRouteComponent(() => import('./agents/AgentPage.tsx'), 'AgentPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$agentId/$runId',
    validateSearch: searchOf.run,
    component: lazyRouteComponent(() => import('./run/RunPage.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$runId',
    component: lazyRouteComponent(() => import('./run/RunByIdPage.tsx'), 'RunByIdPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/compare',
    validateSearch: searchOf.compare,
    component: lazyRouteComponent(() => import('./run/ComparePage.tsx'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tools',
    component: lazyRouteComponent(() => import('./tools/ToolsPage.tsx'), 'ToolsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tools/$toolId',
    validateSearch: searchOf.tool,
    component: lazyRouteComponent(() => import('./tools/ToolPage.tsx'), 'ToolPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/inbox',
    validateSearch: searchOf.inbox,
    component: lazyRouteComponent(() => import('./inbox/InboxPage.tsx'), 'InboxPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/conversations',
    validateSearch: searchOf.conversations,
    component: lazyRouteComponent(
      () => import('./conversations/ConversationsPage.tsx'),
      'ConversationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/conversations/$conversationId',
    component: lazyRouteComponent(
      () => import('./conversations/ConversationPage.tsx'),
      'ConversationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/contacts',
    validateSearch: searchOf.contacts,
    component: lazyRouteComponent(() => import('./contacts/ContactsPage.tsx'), 'ContactsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/contacts/$contactId',
    component: lazyRouteComponent(() => import('./contacts/ContactPage.tsx'), 'ContactPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/knowledge',
    validateSearch: searchOf.knowledge,
    component: lazyRouteComponent(() => import('./knowledge/KnowledgePage.tsx'), 'KnowledgePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/skills',
    component: lazyRouteComponent(() => import('./skills/SkillsPage.tsx'), 'SkillsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/skills/$skillId',
    validateSearch: searchOf.skill,
    component: lazyRouteComponent(() => import('./skills/SkillPage.tsx'), 'SkillPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/schedules',
    validateSearch: searchOf.schedules,
    component: lazyRouteComponent(() => import('./schedules/SchedulesPage.tsx'), 'SchedulesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/trigger-events',
    validateSearch: searchOf.triggerEvents,
    component: lazyRouteComponent(
      () => import('./trigger-events/TriggerEventsPage.tsx'),
      'TriggerEventsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/trigger-events/$eventId',
    component: lazyRouteComponent(
      () => import('./trigger-events/TriggerEventPage.tsx'),
      'TriggerEventPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    beforeLoad: () => {
      throw redirect({ to: '/settings/$section', params: { section: 'models' }, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/$section',
    component: lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/usage',
    validateSearch: searchOf.usage,
    component: lazyRouteComponent(() => import('./usage/UsagePage.tsx'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tests',
    validateSearch: searchOf.tests,
    component: lazyRouteComponent(() => import('./tests/TestsPage.tsx'), 'TestsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tests/$testRunId',
    component: lazyRouteComponent(() => import('./tests/TestRunPage.tsx'), 'TestRunPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/system',
    component: lazyRouteComponent(() => import('./system/SystemPage.tsx'), 'SystemPage'),
  }),
] as const;

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren(routes),
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    defaultErrorComponent: RouteFailed,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
