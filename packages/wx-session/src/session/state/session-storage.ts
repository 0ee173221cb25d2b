import { callWx, type SessionWx } from '../call-wx.ts'
import type { Tokens } from './session-state.ts'

/** What is stored for the next run of the app. */
export type StoredSession<U> = { tokens: Tokens; user: U } | { signedOut: true }

export interface SessionStorage<U> {
  /** What an earlier run has stored; null when there is nothing or it is not valid. */
  read(): Promise<StoredSession<U> | null>
  /** Stores the content; null removes it. A failure is ignored. */
  write(content: StoredSession<U> | null): void
  /** Resolves when the latest content is written, or when writing it has failed. */
  settled(): Promise<void>
}

export interface SessionStorageOptions {
  wx: SessionWx
  key: string
  /** Milliseconds for one storage call. */
  timeout: number
}

export function createSessionStorage<U>({
  wx,
  key,
  timeout,
}: SessionStorageOptions): SessionStorage<U> {
  const save = (content: StoredSession<U> | null) =>
    content
      ? callWx({ wx, api: 'setStorage', timeout }, { key, data: content })
      : callWx({ wx, api: 'removeStorage', timeout }, { key })
  let pending: { content: StoredSession<U> | null } | null = null
  let writing: Promise<void> = Promise.resolve()
  let isWriting = false

  // One write at a time, always of the newest content: wx does not guarantee that two writes end
  // in the order in which they began.
  const writePending = async () => {
    isWriting = true
    while (pending) {
      const { content } = pending
      pending = null
      await save(content).catch(() => undefined)
    }
    isWriting = false
  }

  return {
    async read() {
      try {
        const { data } = await callWx({ wx, api: 'getStorage', timeout }, { key })
        return parseStoredSession<U>(data)
      } catch {
        return null
      }
    },
    write(content) {
      pending = { content }
      if (!isWriting) writing = writePending()
    },
    settled: () => writing,
  }
}

const tokenFields = [
  'accessToken',
  'accessTokenExpiresAt',
  'refreshToken',
  'refreshTokenExpiresAt',
] as const

function parseStoredSession<U>(data: unknown): StoredSession<U> | null {
  if (!isRecord(data)) return null
  if (data['signedOut'] === true) return { signedOut: true }
  const { tokens } = data
  if (!isRecord(tokens) || data['user'] === undefined) return null
  if (!tokenFields.every((field) => typeof tokens[field] === 'string')) return null
  return data as { tokens: Tokens; user: U } & Record<string, unknown>
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
