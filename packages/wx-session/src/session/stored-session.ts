import { callWx, type SessionWx } from './call-wx.ts'
import type { Tokens } from './session-state.ts'

/** What outlives a run of the app. */
export type Stored<U> = { tokens: Tokens; user: U } | { signedOut: true }

export interface SessionStore<U> {
  /** What an earlier run has left; null where there is nothing, or nothing that makes sense. */
  read(): Promise<Stored<U> | null>
  /** Keeps the content, null being nothing. A phone that fails to is not fatal. */
  write(content: Stored<U> | null): void
  /** Resolves when the latest content is written, or has failed to be. */
  idle(): Promise<void>
}

export interface StoreOptions {
  wx: SessionWx
  key: string
  /** Milliseconds. */
  limit: number
}

export function createStore<U>({ wx, key, limit }: StoreOptions): SessionStore<U> {
  const put = (content: Stored<U> | null) =>
    content
      ? callWx({ wx, api: 'setStorage', limit }, { key, data: content })
      : callWx({ wx, api: 'removeStorage', limit }, { key })
  let wanted: { content: Stored<U> | null } | null = null
  let writing: Promise<void> = Promise.resolve()
  let busy = false

  // One write at a time, always of the newest content: the phone does not promise that two
  // writes end in the order they began.
  const writeAll = async () => {
    busy = true
    while (wanted) {
      const { content } = wanted
      wanted = null
      await put(content).catch(() => undefined)
    }
    busy = false
  }

  return {
    async read() {
      try {
        const { data } = await callWx({ wx, api: 'getStorage', limit }, { key })
        return parse<U>(data)
      } catch {
        return null
      }
    },
    write(content) {
      wanted = { content }
      if (!busy) writing = writeAll()
    },
    idle: () => writing,
  }
}

const tokenFields = [
  'accessToken',
  'accessTokenExpiresAt',
  'refreshToken',
  'refreshTokenExpiresAt',
] as const

function parse<U>(data: unknown): Stored<U> | null {
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
