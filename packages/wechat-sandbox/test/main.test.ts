import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

// The bundle that `build` makes: turbo builds before it tests.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the built process says where it listens, and %s ends it well',
  async (signal) => {
    const child = start({ SANDBOX_PORT: '0' })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const [, url] = /^sandbox WeChat: (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line.toString()) ?? []
    const response = await fetch(`${url}/sns/jscode2session`)
    expect(await response.json()).toMatchObject({ errcode: 41002 })
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
  },
)

test('a bad setting stops the start with one line', async () => {
  const child = start({ SANDBOX_APPS: 'nonsense' })
  const [printed, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(printed).toMatch(/^SANDBOX_APPS: [^\n]+\n$/)
  expect(status).toBe(1)
})

test('a port that is taken stops the start with one line', async () => {
  const first = start({ SANDBOX_PORT: '0' })
  const [line] = (await once(first.stdout, 'data')) as [Buffer]
  const port = /:(\d+)\n$/.exec(line.toString())?.[1] ?? ''
  const second = start({ SANDBOX_PORT: port })
  const [printed, [status]] = await Promise.all([text(second.stderr), once(second, 'exit')])
  expect(printed).toMatch(/^listen EADDRINUSE[^\n]+\n$/)
  expect(status).toBe(1)
})
