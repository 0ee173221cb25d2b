import './in-chinese.ts'
import { cleanup, configure, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { onTestFinished, vi } from 'vitest'
import { App, createAdminConsole } from '../../src/app.tsx'
import { createFakeService, type FakeService, type Replies } from './fake-service.ts'
import { signedInReplies } from './fixtures.ts'
import { completeJsdom } from './jsdom.ts'

// Roles are looked up without computing styles, which is slow in jsdom. Waits end well before the test's time limit.
configure({ defaultHidden: true, asyncUtilTimeout: 20_000 })

export interface OpenedConsole {
  readonly service: FakeService
  readonly user: ReturnType<typeof userEvent.setup>
  readonly queryClient: ReturnType<typeof createAdminConsole>['queryClient']
  /** Path and search of the current URL, without the base path `/admin`. */
  url(): string
}

/** Opens the real console at a path in jsdom. Only `fetch` is replaced. By default an administrator is signed in. */
export function openConsole(path: string, replies: Replies = {}): OpenedConsole {
  completeJsdom()
  // In NODE_ENV=test Ant Design gives every element the same ID, and dialogs lose their accessible names.
  vi.stubEnv('NODE_ENV', 'development')
  const service = createFakeService({ ...signedInReplies(), ...replies })
  vi.stubGlobal('fetch', service.fetch)
  localStorage.setItem('mianmi-console:last-call', String(Date.now()))
  history.replaceState(null, '', `/admin${path}`)
  const { queryClient, router } = createAdminConsole()
  render(<App queryClient={queryClient} router={router} />)
  onTestFinished(() => {
    cleanup()
    queryClient.clear()
    router.history.destroy()
    localStorage.clear()
    document.body.replaceChildren()
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })
  return {
    service,
    user: userEvent.setup(),
    queryClient,
    url: () => location.pathname.replace(/^\/admin/, '') + location.search,
  }
}

/** The value of an input or select element. */
export const fieldValue = (field: HTMLElement): string =>
  (field as HTMLInputElement | HTMLSelectElement).value
