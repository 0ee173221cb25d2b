// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { me, signedIn, unbound } from './service-replies.ts'
import { type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone
let answer: (reply: unknown) => void

const delayed = () =>
  new Promise((resolve) => {
    answer = resolve
  })

beforeEach(async () => {
  service = await startServiceStub({ miniLogin: () => unbound, bind: delayed, me: () => me })
  phone = await startPhone(service.url)
})
afterEach(async () => {
  phone.close()
  await service.close()
})

const has = (testid: string, attribute: string) => phone.find(testid)?.hasAttribute(attribute)

describe('a button', () => {
  it('that runs shows that it does, and only those that it blocks look disabled', async () => {
    await phone.until(() => phone.find('home-sign-in'))
    phone.tap('home-sign-in')
    await phone.until(() => phone.find('submit'))
    expect([has('submit', 'disabled'), has('sign-in-phone', 'disabled')]).toEqual([false, false])
    phone.type('field-account', 'lin')
    phone.type('field-password', 'correct horse')
    phone.tap('submit')
    await phone.until(() => has('submit', 'loading'))
    expect([has('submit', 'disabled'), has('sign-in-phone', 'disabled')]).toEqual([false, true])
    phone.tap('submit')
    phone.tap('sign-in-phone')
    await service.received('bind')
    answer(signedIn)
    await phone.until(() => phone.find('home-greeting'))
    expect(service.calls.filter(({ path }) => path === 'bind')).toHaveLength(1)
  })

  it('that opens a sheet of WeChat opens none while it runs', async () => {
    await phone.until(() => phone.find('home-sign-in'))
    phone.tap('home-sign-in')
    await phone.until(() => phone.find('sign-in-phone'))
    phone.tap('sign-in-phone')
    await phone.answerDialog('允许')
    await phone.until(() => has('sign-in-phone', 'loading'))
    phone.tap('sign-in-phone')
    await service.received('bind')
    expect(document.querySelector('[role=dialog]')).toBeNull()
    answer(signedIn)
    await phone.until(() => phone.find('home-greeting'))
  })
})
