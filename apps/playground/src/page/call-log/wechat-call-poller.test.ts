import { expect, test } from 'vitest'
import { createWechatCallPoller, type WechatCall } from './wechat-call-poller.ts'

function createLog() {
  let calls: WechatCall[] = []
  let life = 0
  return {
    add() {
      const seq = calls.length + 1
      const at = `2026-01-01T00:00:0${life}.00${seq}Z`
      calls.push({ seq, at, durationMs: 1, method: 'GET', path: '/p', errcode: 0 })
    },
    restart() {
      calls = []
      life += 1
    },
    read: async (since: number) => calls.filter(({ seq }) => seq > since),
  }
}

test('calls from before the page was opened are not shown', async () => {
  const log = createLog()
  const shown: number[] = []
  const calls = createWechatCallPoller(log.read, ({ seq }) => shown.push(seq))
  log.add()
  await calls.pull()
  log.add()
  log.add()
  await calls.pull()
  await calls.pull()
  expect(shown).toEqual([2, 3])
})

test('the calls of a restarted sandbox are shown', async () => {
  const log = createLog()
  const shown: string[] = []
  const calls = createWechatCallPoller(log.read, ({ at }) => shown.push(at))
  await calls.pull()
  log.add()
  log.add()
  await calls.pull()
  log.restart()
  log.add()
  await calls.pull()
  log.add()
  await calls.pull()
  expect(shown).toEqual([
    '2026-01-01T00:00:00.001Z',
    '2026-01-01T00:00:00.002Z',
    '2026-01-01T00:00:01.001Z',
    '2026-01-01T00:00:01.002Z',
  ])
})

test('parallel pulls show no call twice', async () => {
  const log = createLog()
  const shown: number[] = []
  const calls = createWechatCallPoller(log.read, ({ seq }) => shown.push(seq))
  await calls.pull()
  log.add()
  await Promise.all([calls.pull(), calls.pull(), calls.pull()])
  expect(shown).toEqual([1])
})

test('an unreachable sandbox shows nothing, and later pulls work', async () => {
  const log = createLog()
  let isDown = false
  const shown: number[] = []
  const read = async (since: number): Promise<WechatCall[]> => {
    if (isDown) throw new Error('down')
    return log.read(since)
  }
  const calls = createWechatCallPoller(read, ({ seq }) => shown.push(seq))
  await calls.pull()
  log.add()
  isDown = true
  await calls.pull()
  isDown = false
  await calls.pull()
  expect(shown).toEqual([1])
})

test('a restarted sandbox that has reached the same number is noticed by the time', async () => {
  const log = createLog()
  const shown: string[] = []
  const calls = createWechatCallPoller(log.read, ({ at }) => shown.push(at))
  log.add()
  await calls.pull()
  log.restart()
  log.add()
  log.add()
  await calls.pull()
  expect(shown).toEqual(['2026-01-01T00:00:01.001Z', '2026-01-01T00:00:01.002Z'])
})
