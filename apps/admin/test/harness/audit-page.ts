import { screen } from '@testing-library/react'
import type { OutputOf, Replies } from './fake-service.ts'
import { type OpenedConsole, openConsole } from './open-console.tsx'

type Entry = OutputOf<'audit.list'>['items'][number]

/** An entry of the audit log. */
export const auditEntry = (change: Partial<Entry> = {}): Entry => ({
  id: 1,
  at: '2026-11-22T10:05:00.000Z',
  action: 'sign_in',
  outcome: 'ok',
  userId: 'user-00000000012345',
  operatorId: null,
  appId: 'wx1',
  address: '203.0.113.7',
  device: 'iPhone 17',
  count: 1,
  userName: null,
  operatorName: null,
  ...change,
})

/** Opens the audit log, with one entry by default. */
export const openAudit = (search = '', replies: Replies = {}): OpenedConsole =>
  openConsole(`/audit${search}`, {
    'audit.list': { items: [auditEntry()], next: null },
    ...replies,
  })

export const auditTable = (): Promise<HTMLElement> =>
  screen.findByRole('table', { name: '审计日志' })
export const auditButton = (name: string): Promise<HTMLElement> =>
  screen.findByRole('button', { name })
