// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { me, signedIn, unbound } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

function failWith(path: string, reason: string): void {
  service.handlers[path] = () => {
    throw new ServiceError(reason)
  }
}

/** Opens the devices page, whose request fails with this reason. */
async function openFailedPage(reason: string): Promise<void> {
  failWith('session.list', reason)
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-greeting'))
  await phone.openFromProfile('open-devices')
  await phone.until(() => phone.find('recovery-action') ?? phone.find('retry'))
}

beforeEach(async () => {
  service = await startServiceStub({
    miniLogin: () => signedIn,
    me: () => me,
    'session.signOut': () => ({}),
  })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

describe('the action after a failure', () => {
  it('is only a retry when a retry may help', async () => {
    await openFailedPage('overloaded')
    expect(phone.find('recovery-action')).toBeNull()
    service.handlers['session.list'] = () => ({ sessions: [] })
    phone.tap('retry')
    await phone.until(() => phone.find('only-device'))
  })

  it('is a new sign-in when the old one is not valid', async () => {
    await openFailedPage('code_rejected')
    phone.tap('recovery-action')
    await phone.until(() => phone.find('sign-in-wechat'))
  })

  it('opens home when the person is blocked, without a retry', async () => {
    await openFailedPage('forbidden')
    expect(phone.find('retry')).toBeNull()
    phone.tap('recovery-action')
    await phone.until(() => phone.find('home-greeting'))
  })

  it('shows the trace id when only the administrator can help', async () => {
    await openFailedPage('wechat_misconfigured')
    expect(phone.text('trace')).toContain('trace-1')
    phone.tap('recovery-action')
    await phone.until(() =>
      document.querySelector('[role=dialog]')?.textContent?.includes('trace-1'),
    )
    await phone.answerDialog('知道了')
  })

  it('home has no retry for a person whom WeChat blocks', async () => {
    failWith('miniLogin', 'user_blocked')
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('home-text'))
    expect(phone.text('home-text')).toBe('微信判定当前账号存在风险，暂时不能登录')
    expect(phone.find('retry')).toBeNull()
  })

  it('home shows the invitation when a retry finds the person unbound', async () => {
    failWith('miniLogin', 'app_unknown')
    phone = await startPhone(service.url)
    await phone.until(() => phone.find('recovery-action'))
    service.handlers['miniLogin'] = () => unbound
    phone.tap('retry')
    await phone.until(() => phone.find('home-sign-in'))
    expect(phone.find('recovery-action')).toBeNull()
  })
})
