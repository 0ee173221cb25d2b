import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { Skeleton } from 'antd'
import { ErrorAlert } from './layout/error-alert.tsx'
import { ErrorPage } from './layout/error-page.tsx'
import { NotFound } from './layout/not-found.tsx'
import { auditSearch } from './pages/audit/search.ts'
import { conflictsSearch } from './pages/merges/search.ts'
import { overviewSearch } from './pages/overview/search.ts'
import { peopleSearch } from './pages/people/list/search.ts'
import { signInSearch } from './pages/sign-in/search.ts'
import { webhooksSearch } from './pages/webhooks/search.ts'
import { reasonOf } from './service/error-message.ts'
import type { createTrpc } from './service/trpc-client.ts'

interface RouterContext {
  readonly queryClient: QueryClient
  readonly trpc: ReturnType<typeof createTrpc>
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/page.tsx'), 'SignInPage'),
})

const layout = createRoute({
  getParentRoute: () => root,
  id: 'layout',
  beforeLoad: async ({ context: { queryClient, trpc }, location }) => {
    const query = trpc.account.current.queryOptions(undefined, {
      meta: { handlesSignedOut: true },
    })
    try {
      await queryClient.ensureQueryData(query)
    } catch (error) {
      const reason = reasonOf(error)
      const search = { back: location.href }
      if (reason === 'unauthenticated') throw redirect({ to: '/sign-in', search })
      if (reason === 'forbidden')
        throw redirect({ to: '/sign-in', search: { ...search, why: 'forbidden' } })
      throw error
    }
  },
  errorComponent: ErrorPage,
  component: lazyRouteComponent(() => import('./layout/app-layout.tsx'), 'AppLayout'),
})

const overview = createRoute({
  getParentRoute: () => layout,
  path: '/',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./pages/overview/page.tsx'), 'OverviewPage'),
})

const people = createRoute({
  getParentRoute: () => layout,
  path: 'people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('./pages/people/list/page.tsx'), 'PeoplePage'),
})

const person = createRoute({
  getParentRoute: () => layout,
  path: 'people/$userId',
  component: lazyRouteComponent(() => import('./pages/people/person/page.tsx'), 'PersonPage'),
})

const administrators = createRoute({
  getParentRoute: () => layout,
  path: 'administrators',
  component: lazyRouteComponent(
    () => import('./pages/administrators/page.tsx'),
    'AdministratorsPage',
  ),
})

const conflicts = createRoute({
  getParentRoute: () => layout,
  path: 'conflicts',
  validateSearch: conflictsSearch,
  component: lazyRouteComponent(() => import('./pages/merges/page.tsx'), 'MergesPage'),
})

const audit = createRoute({
  getParentRoute: () => layout,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/page.tsx'), 'AuditPage'),
})

const apps = createRoute({
  getParentRoute: () => layout,
  path: 'apps',
  component: lazyRouteComponent(() => import('./pages/apps/page.tsx'), 'AppsPage'),
})

const serviceKeys = createRoute({
  getParentRoute: () => layout,
  path: 'service-keys',
  component: lazyRouteComponent(() => import('./pages/service-keys/page.tsx'), 'ServiceKeysPage'),
})

const webhooks = createRoute({
  getParentRoute: () => layout,
  path: 'webhooks',
  validateSearch: webhooksSearch,
  component: lazyRouteComponent(() => import('./pages/webhooks/page.tsx'), 'WebhooksPage'),
})

const settings = createRoute({
  getParentRoute: () => layout,
  path: 'settings',
  component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
})

const me = createRoute({
  getParentRoute: () => layout,
  path: 'me',
  component: lazyRouteComponent(() => import('./pages/account/page.tsx'), 'AccountPage'),
})

const routeTree = root.addChildren([
  signIn,
  layout.addChildren([
    overview,
    people,
    person,
    administrators,
    conflicts,
    audit,
    apps,
    serviceKeys,
    webhooks,
    settings,
    me,
  ]),
])

/**
 * Creates the router. A page's code is loaded on hover or focus of a link to it, its data only when the page is
 * shown.
 */
export function createConsoleRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    basepath: '/admin',
    // Removes search parameters from the URL that a page's validateSearch does not return. Without it, they would
    // stay in useSearch() and the service would reject them.
    search: { strict: true },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: () => <Skeleton active className="pending" />,
    defaultErrorComponent: ({ error, reset }) => <ErrorAlert error={error} retry={reset} />,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
  interface HistoryState {
    /** Cursors of the previous pages; null stands for the first page. */
    previousCursors?: readonly (string | null)[]
  }
}
