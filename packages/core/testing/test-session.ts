import type { Tokens } from '../src/index.ts'
import {
  createTestService,
  registerTestUser,
  type TestService,
  type TestUser,
  testOrigin,
} from './test-service.ts'

export interface TestSession extends Pick<TestUser, 'user' | 'signedIn'> {
  readonly service: TestService
  readonly id: string
  /** The refresh token of a generation. */
  token(counter: number, variant?: number): string
  present(refreshToken: string): Promise<Tokens>
  refresh(counter: number, variant?: number): Promise<Tokens>
  /** Refreshes, and returns the next refresh token. */
  next(counter: number, variant?: number): Promise<string>
  isAlive(): Promise<boolean>
}

/** How long a test session lives without a refresh, in ms. */
export const testIdleTime: number = 30 * 60_000

/** Opens a session, whose refresh tokens are known by their generation. */
export async function openTestSession(): Promise<TestSession> {
  const service = createTestService({ policy: { refreshTokenTtl: testIdleTime } })
  const { user, signedIn, actor } = await registerTestUser(service, { account: 'ming' })
  const { id } = actor.caller.session
  const secret = service.store.state.sessions.get(id)?.secret ?? null
  const token = (counter: number, variant = 0): string =>
    service.ports.tokens.refreshToken({ sessionId: id, counter, variant, secret })
  const present = (refreshToken: string) =>
    service.users.refresh({ refreshToken, origin: testOrigin })
  const refresh = (counter: number, variant = 0) => present(token(counter, variant))
  const next = async (counter: number, variant = 0) =>
    (await refresh(counter, variant)).refreshToken
  const isAlive = async () => (await service.store.sessions.find(id)) !== null
  return { service, user, signedIn, id, token, present, refresh, next, isAlive }
}
