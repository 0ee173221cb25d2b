import { expect, it } from 'vitest'
import type { Postgres } from './connection/index.ts'
import { createHealth } from './health.ts'

const healthy = { readOnly: 'off', applied: 2 }

/** The health over a server whose reply to the check a test sets; null: it is away. */
function open() {
  const server: { reply: object | null; canWrite: boolean; isInLine: boolean } = {
    ...{ reply: healthy, canWrite: true, isInLine: true },
  }
  const time = { uptime: 0 }
  const first = async () => {
    if (server.reply === null) throw new Error('away')
    return server.reply
  }
  const requireWritable = async () => {
    if (!server.canWrite) throw new Error('no connection for writes')
  }
  const postgres = { reads: { first }, requireWritable } as unknown as Postgres
  const checkRestoration = async () => {
    if (!server.isInLine) throw new Error('not in line')
  }
  const options = { hashes: ['one', 'two'], checkRestoration }
  const health = createHealth(postgres, options, () => time.uptime)
  return { server, time, health }
}

it.each([
  ['is away', null, 'away'],
  ['takes no writes', { ...healthy, readOnly: 'on' }, 'no writes'],
  ['has a schema of another version', { ...healthy, applied: 1 }, 'another version'],
])('a node whose database %s is not ready from 3 s on', async (_what, reply, message) => {
  const { server, time, health } = open()
  await health.ready()
  server.reply = reply
  for (const uptime of [1_000, 2_500, 3_999]) {
    time.uptime = uptime
    await health.ready()
  }
  time.uptime = 4_000
  await expect(health.ready()).rejects.toThrow(message)
})

it('a node that can read and cannot begin a write is not ready from 3 s on', async () => {
  const { server, time, health } = open()
  server.canWrite = false
  await health.ready()
  time.uptime = 2_999
  await health.ready()
  time.uptime = 3_000
  await expect(health.ready()).rejects.toThrow('no connection for writes')
  server.canWrite = true
  await health.ready()
})

it('a node that is not in line with a restored database yet is not ready from 3 s on', async () => {
  const { server, time, health } = open()
  server.isInLine = false
  await health.ready()
  time.uptime = 3_000
  await expect(health.ready()).rejects.toThrow('not in line')
})

it('a database that came back is away for the first time when it is away again', async () => {
  const { server, time, health } = open()
  server.reply = null
  await health.ready()
  time.uptime = 5_000
  await expect(health.ready()).rejects.toThrow('away')
  server.reply = healthy
  await health.ready()
  server.reply = null
  time.uptime = 10_000
  await health.ready()
})

it('the size is not known where the engine does not tell it', async () => {
  const { server, health } = open()
  server.reply = { bytes: 7 }
  expect(await health.bytes()).toBe(7)
  server.reply = null
  expect(await health.bytes()).toBeNull()
})
