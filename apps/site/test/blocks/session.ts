// In the place of `../../session` on a page: the session of the reader's own project.
import type { User } from '@mianmi/contracts'
import { createSession, type Session } from '@mianmi/wx-session'

export const host = 'https://api.example.com'
export const session: Session<User> = createSession<User>({
  wx,
  exchange: () => Promise.reject(new Error('not called')),
})
