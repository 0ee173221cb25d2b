import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSandboxControls } from '../../src/page/sandbox-controls.ts'

const requests: string[] = []
let reply: Response | undefined

beforeEach(() => {
  requests.length = 0
  reply = undefined
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    requests.push(`${init?.method ?? 'GET'} ${path} ${init?.body ?? ''}`)
    return reply ?? new Response('{}')
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

test('setting a fault removes the previous one first', async () => {
  const { setFault } = createSandboxControls()
  expect(await setFault('busy')).toBe('busy')
  expect(await setFault('none')).toBe('none')
  const path = 'POST /wechat/sandbox/fault'
  expect(requests).toEqual([
    `${path} {"kind":"none"}`,
    `${path} {"kind":"busy"}`,
    `${path} {"kind":"none"}`,
  ])
})

test('a fault that the panel does not offer is undefined', async () => {
  reply = new Response('{"kind":"huge"}')
  expect(await createSandboxControls().fault()).toBe(undefined)
  reply = new Response('{"kind":"slow"}')
  expect(await createSandboxControls().fault()).toBe('slow')
})

test('the calls after a sequence number are requested', async () => {
  reply = new Response('{"calls":[]}')
  expect(await createSandboxControls().calls(7)).toEqual([])
  expect(requests).toEqual(['GET /wechat/sandbox/calls?since=7 '])
})

test('an error of the sandbox rejects, except for the phone number', async () => {
  const { fault, numberOf } = createSandboxControls()
  reply = new Response('{"phone":"13800138000"}')
  expect(await numberOf('小明')).toBe('13800138000')
  expect(requests).toEqual(['POST /wechat/sandbox/person {"user":"小明"}'])
  reply = new Response('{}', { status: 502 })
  expect(await numberOf('小明')).toBe('')
  await expect(fault()).rejects.toThrow('502')
})
