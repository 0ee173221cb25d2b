import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

// The bundle that `build` writes; turbo runs `build` before `test`.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [main], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Starts a process that is expected to fail; resolves with what it printed and its exit code. */
async function failToStart(env: Record<string, string>) {
  const child = start(env)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { stdout, stderr, code }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the built process prints its address and exits with 0 on %s',
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

test('SIGTERM also ends a process with an unanswered call', async () => {
  const child = start({ SANDBOX_PORT: '0' })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(line.toString())?.[0]
  await fetch(`${url}/sandbox/fault`, { method: 'POST', body: '{"kind":"silent"}' })
  const unanswered = fetch(`${url}/sns/jscode2session`).then(
    () => 'answered',
    () => 'closed',
  )
  await fetch(`${url}/sandbox/calls`)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await unanswered).toBe('closed')
})

test.each([
  ['SANDBOX_APPS', 'nonsense'],
  ['SANDBOX_PORT', '31o1'],
  ['SANDBOX_PORT', '65536'],
])('a bad %s stops the start with one line and exit code 1', async (name, value) => {
  const { stdout, stderr, code } = await failToStart({ [name]: value })
  expect([stdout, code]).toEqual(['', 1])
  expect(stderr).toMatch(new RegExp(`^${name}: [^\\n]+\\n$`))
})

test('a port in use stops the start with one line and exit code 1', async () => {
  const first = start({ SANDBOX_PORT: '0' })
  const [line] = (await once(first.stdout, 'data')) as [Buffer]
  const port = /:(\d+)\n$/.exec(line.toString())?.[1] ?? ''
  expect(await failToStart({ SANDBOX_PORT: port })).toEqual({
    stdout: '',
    stderr: `SANDBOX_PORT: port ${port} is already in use; set SANDBOX_PORT to a free port\n`,
    code: 1,
  })
})
