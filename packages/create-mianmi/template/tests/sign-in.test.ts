// @vitest-environment jsdom
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, type Simulator } from '@mianmi/simulator'
import { compileMiniProgram } from '@mianmi/simulator/compile'
import { createMemoryStorage, createWx } from '@mianmi/wechat-sandbox/wx'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildMiniprogram, output } from '../scripts/build-miniprogram.ts'
import {
  answers,
  appId,
  freePort,
  type Running,
  start,
  startMianmi,
  startSandbox,
  stop,
} from '../scripts/processes.ts'

/** The mini program, your service, mianmi and WeChat's sandbox, as real processes over HTTP. */

const folder = mkdtempSync(join(tmpdir(), '%name%-'))
const running: Running[] = []
let sandboxUrl = ''
let serviceUrl = ''

beforeAll(async () => {
  const [sandboxPort, mianmiPort, servicePort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  serviceUrl = `http://127.0.0.1:${servicePort}`
  const mianmiUrl = `http://127.0.0.1:${mianmiPort}`
  const sandbox = startSandbox(sandboxPort)
  const mianmi = startMianmi(mianmiPort, {
    WECHAT_APPS: `${appId}:secret`,
    WECHAT_API_URL: sandboxUrl,
    ISSUER: mianmiUrl,
    SECRET_KEY: Buffer.from('a key for tests, of 32 bytes or more').toString('base64'),
    DATABASE_URL: `file:${join(folder, 'mianmi.db')}`,
  })
  const service = start('service', 'service/main.ts', {
    MIANMI_URL: mianmiUrl,
    PORT: String(servicePort),
    DATABASE: join(folder, 'notes.db'),
  })
  running.push(sandbox, mianmi, service)
  await answers(sandbox, `${sandboxUrl}/sandbox/limits`)
  await answers(mianmi, `${mianmiUrl}/readyz`)
  await answers(service, `${serviceUrl}/api/notes.list`)
  await buildMiniprogram({ signInUrl: mianmiUrl, apiUrl: serviceUrl })
})

afterAll(async () => {
  await Promise.all(running.map(stop))
  rmSync(folder, { recursive: true, force: true })
})

/** The phone of a person: `user` is any name. */
async function openPhone(user: string): Promise<Simulator> {
  const storage = createMemoryStorage()
  const phone = createSimulator({
    container: document.body.appendChild(document.createElement('div')),
    app: await compileMiniProgram(output),
    wx: (screen) => createWx({ appId, user, sandboxUrl, storage, screen }),
  })
  await phone.launch()
  return phone
}

const find = (phone: Simulator, id: string) =>
  phone.currentPage().querySelector<HTMLElement>(`[data-testid=${id}]`)
const notes = (phone: Simulator) =>
  [...phone.currentPage().querySelectorAll('[data-testid=note]')].map((note) => note.textContent)

async function addNote(phone: Simulator, text: string): Promise<void> {
  await expect.poll(() => find(phone, 'text')).not.toBeNull()
  const input =
    find(phone, 'text')?.querySelector('input') ?? (find(phone, 'text') as HTMLInputElement)
  ;(input as HTMLInputElement).value = text
  input.dispatchEvent(new Event('input', { bubbles: true }))
  find(phone, 'add')?.click()
}

it('signs in at the first launch, and keeps what the person writes', async () => {
  const phone = await openPhone('ming')
  await addNote(phone, 'first')
  await expect.poll(() => notes(phone)).toEqual(['first'])
  await phone.relaunch()
  await expect.poll(() => notes(phone)).toEqual(['first'])
  phone.destroy()
})

it('shows a person only what is theirs', async () => {
  const phone = await openPhone('hua')
  await addNote(phone, 'of hua')
  await expect.poll(() => notes(phone)).toEqual(['of hua'])
  phone.destroy()
})

it('signs out, and in again', async () => {
  const phone = await openPhone('ming')
  await expect.poll(() => notes(phone)).toEqual(['first'])
  find(phone, 'sign-out')?.click()
  await expect.poll(() => find(phone, 'sign-in')).not.toBeNull()
  find(phone, 'sign-in')?.click()
  await expect.poll(() => notes(phone)).toEqual(['first'])
  phone.destroy()
})

it('refuses a call without a token of mianmi', async () => {
  const statusOf = async (authorization?: string) =>
    (
      await fetch(`${serviceUrl}/api/notes.list`, {
        headers: authorization ? { authorization } : {},
      })
    ).status
  expect(await statusOf()).toBe(401)
  expect(await statusOf('Bearer made.up.token')).toBe(401)
})
