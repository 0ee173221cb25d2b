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
import { Broken } from './layout/broken.tsx'
import { Missing } from './layout/missing.tsx'
import { Refusal } from './layout/refusal.tsx'
import { auditSearch } from './pages/audit/search.ts'
import { conflictsSearch } from './pages/conflicts/search.ts'
import { overviewSearch } from './pages/overview/search.ts'
import { peopleSearch } from './pages/people/search.ts'
import { signInSearch } from './pages/sign-in/search.ts'
import { faultOf } from './service/failure.ts'
import type { createTrpc } from './service/trpc.ts'

interface RouterContext {
  readonly queryClient: QueryClient
  readonly trpc: ReturnType<typeof createTrpc>
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: Missing,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/page.tsx'), 'SignInPage'),
})

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ context: { queryClient, trpc }, location }) => {
    const query = trpc.admin.operator.current.queryOptions(undefined, { meta: { atTheDoor: true } })
    try {
      await queryClient.ensureQueryData(query)
    } catch (error) {
      const fault = faultOf(error)
      const search = { back: location.href }
      if (fault === 'unauthenticated') throw redirect({ to: '/sign-in', search })
      if (fault === 'forbidden')
        throw redirect({ to: '/sign-in', search: { ...search, why: 'forbidden' } })
      throw error
    }
  },
  errorComponent: Broken,
  component: lazyRouteComponent(() => import('./layout/frame.tsx'), 'Frame'),
})

const overview = createRoute({
  getParentRoute: () => frame,
  path: '/',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('./pages/overview/page.tsx'), 'OverviewPage'),
})

const people = createRoute({
  getParentRoute: () => frame,
  path: 'people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('./pages/people/page.tsx'), 'PeoplePage'),
})

const person = createRoute({
  getParentRoute: () => frame,
  path: 'people/$userId',
  component: lazyRouteComponent(() => import('./pages/person/page.tsx'), 'PersonPage'),
})

const conflicts = createRoute({
  getParentRoute: () => frame,
  path: 'conflicts',
  validateSearch: conflictsSearch,
  component: lazyRouteComponent(() => import('./pages/conflicts/page.tsx'), 'ConflictsPage'),
})

const audit = createRoute({
  getParentRoute: () => frame,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/page.tsx'), 'AuditPage'),
})

const apps = createRoute({
  getParentRoute: () => frame,
  path: 'apps',
  component: lazyRouteComponent(() => import('./pages/apps/page.tsx'), 'AppsPage'),
})

const settings = createRoute({
  getParentRoute: () => frame,
  path: 'settings',
  component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
})

const me = createRoute({
  getParentRoute: () => frame,
  path: 'me',
  component: lazyRouteComponent(() => import('./pages/me/page.tsx'), 'MePage'),
})

const routeTree = root.addChildren([
  signIn,
  frame.addChildren([overview, people, person, conflicts, audit, apps, settings, me]),
])

/** Pages are fetched when a link to them is looked at; what they show only once they are there. */
export function createConsoleRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    basepath: '/admin',
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: () => <Skeleton active className="pending" />,
    defaultErrorComponent: ({ error, reset }) => <Refusal error={error} retry={reset} />,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
  interface HistoryState {
    /** The cursors of the pages before this one, of which none is named in the address. */
    trail?: readonly (string | null)[]
  }
}
