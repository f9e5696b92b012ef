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
    component: lazyRouteComponent(() => import('./tools/ToolPage.tsx'), 'ToolPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
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
