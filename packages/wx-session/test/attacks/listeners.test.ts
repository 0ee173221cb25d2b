import { describe, expect, it } from 'vitest'
import { createFixture, FakePlatform, settle } from '../fixtures/fake-platform.ts'

/** Listeners that change the session while they are called. */

describe('a listener of signedOut that signs in at once', () => {
  it('makes one sign-in, which resolves when it has ended', async () => {
    const { platform, session } = createFixture()
    await session.launch()
    const results: string[] = []
    session.on('signedOut', async () => {
      const [first, second] = [session.signIn(), session.signIn()]
      results.push((await first).status, (await second).status)
    })
    await session.signOut()
    await settle()
    expect(results).toEqual(['signedIn', 'signedIn'])
    expect(platform.counts).toMatchObject({ login: 2, exchange: 2 })
  })
})

describe('a listener of signedIn that signs out at once', () => {
  it('leaves no listener with an older state', async () => {
    const { session } = createFixture()
    const heard: string[] = []
    const events: string[] = []
    session.subscribe(({ status }) => {
      if (status === 'signedIn') void session.signOut()
    })
    session.subscribe(({ status }) => heard.push(status))
    session.on('signedIn', ({ status }) => events.push(status))
    session.on('signedOut', ({ status }) => events.push(status))
    await session.launch()
    await settle()
    expect(session.state.status).toBe('signedOut')
    expect(heard).toEqual(['signedOut'])
    expect(events).toEqual(['signedOut'])
  })
})

it('a listener of a failure that signs in at once starts a new sign-in, which is a tap until it ends', async () => {
  const platform = new FakePlatform()
  platform.failures = { exchange: () => new Error('busy') }
  const { session } = createFixture(platform)
  const results: Promise<string>[] = []
  session.on('offline', () => {
    platform.failures = {}
    results.push(session.signIn().then(({ status }) => status))
  })
  await session.launch()
  await settle()
  expect(await Promise.all(results)).toEqual(['signedIn'])
  expect(platform.counts.exchange).toBe(2)
})

it('a listener that throws stops neither the others nor the session', async () => {
  const { session } = createFixture()
  const thrown: unknown[] = []
  const keep = (error: unknown) => thrown.push(error)
  process.prependOnceListener('uncaughtException', keep)
  const others = process.listeners('uncaughtException').filter((one) => one !== keep)
  for (const one of others) process.removeListener('uncaughtException', one)
  const heard: string[] = []
  session.subscribe(() => {
    throw new Error('page')
  })
  session.subscribe(({ status }) => heard.push(status))
  await session.launch()
  await new Promise((resolve) => setTimeout(resolve))
  for (const one of others) process.on('uncaughtException', one)
  process.removeListener('uncaughtException', keep)
  expect(heard).toEqual(['signedIn'])
  expect(thrown).toMatchObject([{ message: 'page' }])
})
