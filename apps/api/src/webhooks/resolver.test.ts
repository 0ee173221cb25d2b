import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { createResolver } from './resolver.ts'

/** The address of a DNS server that never answers. */
async function startSilentServer(): Promise<string> {
  const server = createSocket('udp4').bind(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `127.0.0.1:${server.address().port}`
}

it('calls at the same time for one name share one question', async () => {
  const resolve = createResolver()
  const first = resolve('localhost')
  expect(resolve('localhost')).toBe(first)
  expect(await first).toContain('127.0.0.1')
  expect(resolve('localhost')).not.toBe(first)
})

it('names whose servers do not answer hold up no other name, and end as unresolvable', async () => {
  const resolve = createResolver([await startSilentServer()])
  const dead = Array.from({ length: 8 }, (_, index) => resolve(`dead-${index}.example`))
  const ends = Promise.allSettled(dead)
  let areDead = false
  ends.then(() => {
    areDead = true
  })
  expect(await resolve('localhost')).toContain('127.0.0.1')
  expect(areDead).toBe(false)
  expect((await ends).map(({ status }) => status)).toEqual(dead.map(() => 'rejected'))
})
