// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signedIn, unbound } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

beforeEach(async () => {
  service = await startServiceStub({ miniLogin: () => unbound, bind: () => signedIn })
  phone = await startPhone(service.url)
  await phone.until(() => phone.find('home-sign-in'))
  phone.tap('home-sign-in')
  await phone.until(() => phone.find('submit'))
})
afterEach(async () => {
  phone.close()
  await service.close()
})

const calls = (path: string) => service.calls.filter((call) => call.path === path)

function fillIn(account: string, password: string): void {
  phone.type('field-account', account)
  phone.type('field-password', password)
}

function typed(testid: string): string | undefined {
  return phone.find(testid)?.querySelector('input')?.value
}

describe('a WeChat identity that is not bound', () => {
  it('gets an explanation, and can leave the form', async () => {
    expect(phone.text('bind-explanation')).toContain('还没有绑定账号')
    phone.tap('sign-in-later')
    await phone.until(() => phone.find('home-sign-in'))
  })

  it('binds to an account and returns to home, signed in', async () => {
    fillIn(' lin ', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('home-greeting'))
    expect(calls('bind').map((call) => call.input)).toEqual([
      {
        proof: { ticket: 'ticket-1' },
        credential: { type: 'password', account: 'lin', password: 'correct horse' },
      },
    ])
  })

  it('registers an account and returns to home, signed in', async () => {
    service.handlers['register'] = () => ({ ...signedIn, newUser: true })
    phone.tap('tab-register')
    fillIn('lin', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('home-greeting'))
    expect(calls('register').map((call) => call.input)).toEqual([
      { proof: { ticket: 'ticket-1' }, account: 'lin', password: 'correct horse' },
    ])
  })

  it('gets errors of empty and invalid fields before a request', async () => {
    phone.tap('submit')
    await phone.until(() => phone.find('field-password-error'))
    expect(phone.text('field-account-error')).toBe('请输入账号')
    phone.tap('tab-register')
    fillIn('a b', 'short')
    phone.tap('submit')
    await phone.until(() => phone.find('field-account-error'))
    expect(phone.text('field-account-error')).toBe('账号只能包含文字、数字和 . _ - @ +')
    expect(phone.text('field-password-error')).toBe('密码需要 8–128 个字符')
    fillIn('+86-138-0013-8000', 'short')
    phone.tap('submit')
    await phone.until(() => phone.text('field-account-error') === '账号不能是手机号')
    expect(calls('bind').concat(calls('register'))).toEqual([])
  })

  it('shows the password on request', async () => {
    const input = () => phone.find('field-password')?.querySelector('input')
    expect(input()?.type).toBe('password')
    phone.tap('field-password-toggle')
    await phone.until(() => input()?.type === 'text')
  })
})

describe('a rejected sign-in', () => {
  it.each([
    ['bind', 'credential_rejected', '账号或密码不正确'],
    ['bind', 'identity_taken', '这个微信已经绑定了其他账号'],
    ['bind', 'user_disabled', '账号已被停用，请联系管理员'],
    ['bind', 'account_taken', '该账号已绑定其他微信'],
    ['register', 'identity_taken', '这个微信已经绑定了其他账号'],
  ])('%s: %s has its own message, and the input stays', async (tab, reason, message) => {
    service.handlers[tab] = () => {
      throw new ServiceError(reason)
    }
    phone.tap(`tab-${tab}`)
    fillIn('lin', 'wrong horse')
    phone.tap('submit')
    await phone.until(() => phone.find('form-error'))
    expect(phone.text('form-error')).toBe(message)
    expect(typed('field-account')).toBe('lin')
    expect(typed('field-password')).toBe('wrong horse')
    expect(calls(tab)).toHaveLength(1)
  })

  it.each([
    ['account_taken', 'field-account-error', '账号名已被使用'],
    ['invalid_input', 'field-password-error', '密码太常见或不符合要求'],
  ])('register: %s is shown at its field', async (reason, testid, message) => {
    service.handlers['register'] = () => {
      throw new ServiceError(reason)
    }
    phone.tap('tab-register')
    fillIn('lin', 'password1')
    phone.tap('submit')
    await phone.until(() => phone.find(testid))
    expect(phone.text(testid)).toBe(message)
    expect(phone.find('form-error')).toBeNull()
    phone.type('field-account', 'lin2')
    phone.type('field-password', 'password2')
    await phone.until(() => !phone.find(testid))
  })

  it('offers the way home to a blocked person', async () => {
    service.handlers['bind'] = () => {
      throw new ServiceError('user_disabled')
    }
    fillIn('lin', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('recovery-action'))
    expect(phone.find('recovery-action')?.dataset['action']).toBe('blocked')
    phone.tap('recovery-action')
    await phone.until(() => phone.find('home-sign-in'))
  })

  it('shows how long to wait after too many tries', async () => {
    service.handlers['bind'] = () => {
      throw new ServiceError('rate_limited', { retryAfter: 120 })
    }
    fillIn('lin', 'wrong horse')
    phone.tap('submit')
    await phone.until(() => phone.find('form-error'))
    expect(phone.text('form-error')).toBe('操作太频繁了，请 2 分钟后再试')
  })

  it('can be retried when the network is back', async () => {
    service.down = true
    fillIn('lin', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('form-error'))
    expect(phone.text('form-error')).toBe('网络连接失败，请检查网络后重试')
    service.down = false
    phone.tap('submit')
    await phone.until(() => phone.find('home-greeting'))
  })
})

describe('without the person noticing', () => {
  it('two taps make one call', async () => {
    fillIn('lin', 'correct horse')
    phone.tap('submit')
    phone.tap('submit')
    await phone.until(() => phone.find('home-greeting'))
    expect(calls('bind')).toHaveLength(1)
  })

  it('an expired ticket is replaced, and the same input is sent once more', async () => {
    service.handlers['miniLogin'] = () => ({ ...unbound, ticket: 'ticket-2' })
    service.handlers['bind'] = (input: { proof: { ticket: string } }) => {
      if (input.proof.ticket === 'ticket-1') throw new ServiceError('ticket_rejected')
      return signedIn
    }
    fillIn('lin', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('home-greeting'))
    expect(service.logins()).toBe(2)
  })

  it('the second rejected ticket ends with a message', async () => {
    service.handlers['bind'] = () => {
      throw new ServiceError('ticket_rejected')
    }
    fillIn('lin', 'correct horse')
    phone.tap('submit')
    await phone.until(() => phone.find('form-error'))
    expect(phone.text('form-error')).toBe('停留太久，绑定凭证已失效，请再试一次')
    expect(calls('bind')).toHaveLength(2)
    expect(typed('field-account')).toBe('lin')
  })
})
