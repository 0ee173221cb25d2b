// @vitest-environment jsdom
import type { CompressImageOptions, ReadFileOptions } from '@mianmi/wechat-sandbox/wx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lin, me, signedIn } from './service-replies.ts'
import { ServiceError, type ServiceStub, startServiceStub } from './service-stub.ts'
import { type Phone, type PhoneOptions, startPhone } from './test-phone.ts'

let service: ServiceStub
let phone: Phone

async function openPage(link: string, ready: string, options?: PhoneOptions): Promise<void> {
  phone = await startPhone(service.url, options)
  await phone.until(() => phone.find('home-greeting'))
  await phone.openFromProfile(link)
  await phone.until(() => phone.find(ready))
}

beforeEach(async () => {
  service = await startServiceStub({
    miniLogin: () => signedIn,
    me: () => me,
    'account.updateProfile': (change: object) => ({ user: { ...lin, ...change } }),
    'account.setAvatar': () => ({ user: { ...lin, avatarUrl: savedUrl } }),
    'account.bindPhone': () => ({ user: { ...lin, phone: '139****9000' } }),
    'account.changePassword': () => ({}),
    'account.delete': () => ({}),
    'session.signOut': () => ({}),
    'identity.list': () => ({
      identities: [
        {
          appId: 'wx6d69616e6d690001',
          boundAt: '2026-03-09T00:05:00.000Z',
          current: true,
          boundBy: 'register',
          lastSeenAt: '2026-03-10T00:05:00.000Z',
          device: null,
        },
      ],
    }),
    'identity.unbind': () => ({}),
  })
})
afterEach(async () => {
  phone.close()
  await service.close()
})

const inputs = (path: string) =>
  service.calls.filter((call) => call.path === path).map((call) => call.input)

function failWith(path: string, reason: string): void {
  service.handlers[path] = () => {
    throw new ServiceError(reason)
  }
}

describe('the nickname', () => {
  it('is saved, and shown on the profile and in the greeting of the next launch', async () => {
    await openPage('open-account', 'save-nickname')
    phone.type('field-nickname', ' 阿林 ')
    phone.tap('save-nickname')
    await phone.until(() => phone.text('account-name') === '阿林')
    expect(inputs('account.updateProfile')).toEqual([{ nickname: '阿林' }])
    phone.goBack()
    await phone.until(() => phone.find('profile-name')?.textContent === '阿林')
    await phone.relaunch()
    await phone.until(() => phone.find('home-greeting')?.textContent?.includes('阿林'))
  })

  it('must not be empty, and an error of the service is shown', async () => {
    await openPage('open-account', 'save-nickname')
    phone.type('field-nickname', '  ')
    phone.tap('save-nickname')
    await phone.until(() => phone.find('field-nickname-error'))
    expect(inputs('account.updateProfile')).toEqual([])
    failWith('account.updateProfile', 'invalid_input')
    phone.type('field-nickname', '阿林')
    phone.tap('save-nickname')
    await phone.until(() => phone.find('form-error'))
    expect(phone.text('form-error')).toBe('昵称最多 32 个字，不能有特殊符号')
  })
})

describe('the review of a nickname', () => {
  const refused = { pass: false, timeout: false }
  const typed = () => phone.find('field-nickname')?.querySelector('input')?.value

  it('that refuses it removes the text and says so, and nothing is saved', async () => {
    const reviewNickname = async (name: string) => ({ ...refused, pass: name === '阿林' })
    await openPage('open-account', 'save-nickname', { reviewNickname })
    phone.enter('field-nickname', '坏名字')
    await phone.until(() => phone.find('field-nickname-error'))
    expect(phone.text('field-nickname-error')).toBe('微信没有通过这个昵称，请换一个')
    expect(typed()).toBe('')
    phone.tap('save-nickname')
    await phone.until(() => phone.text('field-nickname-error') === '请输入昵称')
    phone.enter('field-nickname', '阿林')
    phone.tap('save-nickname')
    await phone.until(() => phone.text('account-name') === '阿林')
    expect(inputs('account.updateProfile')).toEqual([{ nickname: '阿林' }])
  })

  it.each([
    ['passes', { pass: true, timeout: false }],
    ['ends without a result', { pass: false, timeout: true }],
  ])('is waited for, and the nickname is saved when it %s', async (_title, result) => {
    let end: (result: typeof refused) => void = () => undefined
    const reviewNickname = () => new Promise<typeof refused>((resolve) => (end = resolve))
    await openPage('open-account', 'save-nickname', { reviewNickname })
    phone.enter('field-nickname', '阿林')
    phone.tap('save-nickname')
    await phone.until(() => phone.find('save-nickname')?.hasAttribute('loading'))
    expect(inputs('account.updateProfile')).toEqual([])
    end(result)
    await phone.until(() => phone.text('account-name') === '阿林')
  })

  it('that refuses it after the tap on save saves nothing', async () => {
    let end: (result: typeof refused) => void = () => undefined
    const reviewNickname = () => new Promise<typeof refused>((resolve) => (end = resolve))
    await openPage('open-account', 'save-nickname', { reviewNickname })
    phone.find('field-nickname')?.querySelector('input')?.focus()
    phone.type('field-nickname', '坏名字')
    // On some phones the field loses the focus after the tap.
    phone.tap('save-nickname')
    phone.find('field-nickname')?.querySelector('input')?.blur()
    end(refused)
    await phone.until(() => phone.find('field-nickname-error'))
    await phone.until(() => !phone.find('save-nickname')?.hasAttribute('loading'))
    expect(phone.text('field-nickname-error')).toBe('微信没有通过这个昵称，请换一个')
    expect(inputs('account.updateProfile')).toEqual([])
  })
})

const smallImage = 'iVBORw0KGgo='
const previousUrl = 'https://mianmi.example/avatars/before.png'
const savedUrl = 'https://mianmi.example/avatars/saved.png'
const shownUrl = () => phone.simulator.currentPage().querySelector('img')?.src

/** A phone on which the chosen picture has 60 KB at each width except `smallAt`. */
function bigPicture({ smallAt }: { smallAt: number }) {
  const widths: number[] = []
  const bigImage = 'A'.repeat(80_000)
  const apis: PhoneOptions['apis'] = {
    compressImage({ compressedWidth, success }: CompressImageOptions) {
      widths.push(compressedWidth ?? 0)
      success?.({ tempFilePath: `http://tmp/${compressedWidth}`, errMsg: 'compressImage:ok' })
    },
    getFileSystemManager: () => ({
      readFile({ filePath, success }: ReadFileOptions) {
        const data = filePath === `http://tmp/${smallAt}` ? smallImage : bigImage
        success?.({ data, errMsg: 'readFile:ok' })
      },
    }),
  }
  return { apis, widths }
}

async function chooseAvatar(options: PhoneOptions): Promise<void> {
  await openPage('open-account', 'choose-avatar', { avatarUrl: 'http://tmp/1.jpg', ...options })
  phone.tap('choose-avatar')
  await phone.until(() => phone.find('privacy-agree'))
  phone.tap('privacy-agree')
  await phone.answerDialog('用微信头像')
}

describe('the avatar', () => {
  it('with an https address is saved as it is, after consent to the privacy guide', async () => {
    await openPage('open-account', 'choose-avatar')
    phone.tap('choose-avatar')
    await phone.until(() => phone.find('privacy-agree'))
    phone.tap('privacy-agree')
    await phone.answerDialog('用微信头像')
    await phone.until(() => phone.toast().includes('已保存'))
    const avatarUrl = 'https://thirdwx.qlogo.cn/lin/132'
    expect(inputs('account.updateProfile')).toEqual([{ avatarUrl }])
    expect(phone.find('privacy-consent')).toBeNull()
  })

  it('that is a file of this phone is uploaded and shown', async () => {
    await chooseAvatar({ avatarUrl: `data:image/png;base64,${smallImage}` })
    await phone.until(() => phone.toast().includes('已保存'))
    expect(inputs('account.setAvatar')).toEqual([{ image: smallImage }])
    expect(inputs('account.updateProfile')).toEqual([])
    expect(shownUrl()).toBe(savedUrl)
  })

  it('that is too big is made smaller in steps until it is small enough', async () => {
    const { apis, widths } = bigPicture({ smallAt: 128 })
    await chooseAvatar({ apis })
    await phone.until(() => phone.toast().includes('已保存'))
    expect(widths).toEqual([256, 192, 128])
    expect(inputs('account.setAvatar')).toEqual([{ image: smallImage }])
  })

  it.each([
    ['is never small enough', '这张图片太大了，请换一张', bigPicture({ smallAt: 0 }).apis],
    ['cannot be read', '这张图片读不出来，请换一张', {}],
  ])('that %s is not sent, and the previous one stays', async (_title, message, apis) => {
    service.handlers['me'] = () => ({ ...me, user: { ...lin, avatarUrl: previousUrl } })
    await chooseAvatar({ avatarUrl: 'http://tmp/gone.png', apis })
    await phone.until(() => phone.find('avatar-error'))
    expect(phone.text('avatar-error')).toBe(message)
    expect(inputs('account.setAvatar')).toEqual([])
    expect(shownUrl()).toBe(previousUrl)
  })

  it('that the service rejects shows a message, and the previous one stays', async () => {
    service.handlers['me'] = () => ({ ...me, user: { ...lin, avatarUrl: previousUrl } })
    failWith('account.setAvatar', 'invalid_input')
    await chooseAvatar({ avatarUrl: `data:image/png;base64,${smallImage}` })
    await phone.until(() => phone.find('avatar-error'))
    expect(phone.text('avatar-error')).toBe('头像只能是 JPEG、PNG 或 WebP 图片，请换一张')
    expect(shownUrl()).toBe(previousUrl)
  })

  it('does not ask again at once after the guide was refused', async () => {
    await openPage('open-account', 'choose-avatar')
    phone.tap('choose-avatar')
    await phone.until(() => phone.find('privacy-refuse'))
    phone.tap('privacy-refuse')
    await phone.until(() => !phone.find('privacy-consent'))
    expect(inputs('account.updateProfile')).toEqual([])
  })
})

describe('the phone number', () => {
  it('is bound with one tap', async () => {
    await openPage('open-account', 'bind-phone')
    phone.tap('bind-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.text('account-phone') === '139****9000')
    expect(inputs('account.bindPhone')).toEqual([{ code: 'phone-1' }])
  })

  it('that the person does not give is no error', async () => {
    await openPage('open-account', 'bind-phone')
    phone.tap('bind-phone')
    await phone.answerDialog('不允许')
    await phone.until(() => phone.find('phone-error'))
    expect(phone.text('phone-error')).toBe('没有使用手机号')
    expect(phone.find('phone-error')?.closest('[role]')?.role).toBe('note')
  })

  it('of another account shows a message', async () => {
    failWith('account.bindPhone', 'account_taken')
    await openPage('open-account', 'bind-phone')
    phone.tap('bind-phone')
    await phone.answerDialog('允许')
    await phone.until(() => phone.find('phone-error'))
    expect(phone.text('phone-error')).toBe('这个手机号已绑定其他账号')
  })
})

describe('the password', () => {
  const typeBoth = (current: string, next: string) => {
    phone.type('field-current', current)
    phone.type('field-next', next)
    phone.tap('submit')
  }

  it('is changed, and the profile page opens', async () => {
    await openPage('open-password', 'submit')
    typeBoth('correct horse', 'battery staple')
    await phone.until(() => phone.find('profile-account'))
    expect(inputs('account.changePassword')).toEqual([
      { currentPassword: 'correct horse', newPassword: 'battery staple' },
    ])
  })

  it('as a first one comes with a login code, and with a name where there is no number', async () => {
    const user = { ...lin, account: null, phone: null }
    service.handlers['me'] = () => ({ ...me, user })
    await openPage('open-password', 'field-account')
    expect([document.querySelector('.sim-nav h1')?.textContent, phone.text('submit')]).toEqual([
      '设置密码',
      '设置密码',
    ])
    typeBoth('', 'battery staple')
    await phone.until(() => phone.find('field-account-error'))
    expect(phone.text('field-account-error')).toBe('请输入账号')
    phone.type('field-account', 'xiaolin')
    phone.tap('submit')
    await phone.until(() => phone.find('open-password'))
    const code = `code-${service.logins()}`
    expect(inputs('account.changePassword')).toEqual([
      { code, newPassword: 'battery staple', account: 'xiaolin' },
    ])
  })

  it('as a first one needs no name where there is a number', async () => {
    service.handlers['me'] = () => ({ ...me, user: { ...lin, account: null } })
    await openPage('open-password', 'submit')
    expect(phone.find('field-account')).toBeNull()
    typeBoth('', 'battery staple')
    await phone.until(() => phone.find('open-password'))
    const code = `code-${service.logins()}`
    expect(inputs('account.changePassword')).toEqual([{ code, newPassword: 'battery staple' }])
  })

  it('is checked before a request', async () => {
    await openPage('open-password', 'submit')
    typeBoth('', 'short')
    await phone.until(() => phone.find('field-next-error'))
    expect(phone.text('field-current-error')).toBe('请输入现在的密码')
    expect(inputs('account.changePassword')).toEqual([])
  })

  it.each([
    ['credential_rejected', 'field-current-error', '现在的密码不正确'],
    ['invalid_input', 'field-next-error', '密码太常见或不符合要求'],
    ['rate_limited', 'form-error', '操作太频繁了，请稍后再试'],
  ])('%s is shown at its place', async (reason, testid, message) => {
    failWith('account.changePassword', reason)
    await openPage('open-password', 'submit')
    typeBoth('correct horse', 'password1')
    await phone.until(() => phone.find(testid))
    expect(phone.text(testid)).toBe(message)
  })
})

describe('unbinding WeChat', () => {
  it('is offered where the password is changed', async () => {
    await openPage('open-password', 'password-bindings')
    phone.tap('password-bindings')
    await phone.until(() => phone.find('unbind'))
  })

  it('signs out and opens home, and the next launch does not sign in', async () => {
    await openPage('open-bindings', 'unbind')
    phone.tap('unbind')
    await phone.answerDialog('解除')
    await phone.until(() => phone.find('home-sign-in'))
    expect(inputs('identity.unbind')).toEqual([{ appId: 'wx6d69616e6d690001' }])
    await phone.relaunch()
    await phone.until(() => phone.find('home-badge'))
    expect(phone.text('home-badge')).toBe('访客')
    expect(service.logins()).toBe(1)
  })

  it('names mini programs as app-names.json does, and no other one by its appid', async () => {
    const bound = { boundAt: '2026-03-09T00:05:00.000Z', lastSeenAt: '2026-03-10T00:05:00.000Z' }
    const other = { ...bound, current: false, boundBy: 'phone', device: null }
    service.handlers['identity.list'] = () => ({
      identities: [
        { ...other, appId: 'wx6d69616e6d690001', current: true },
        { ...other, appId: 'wx6d69616e6d690002' },
        { ...other, appId: 'wx6d69616e6d690003' },
      ],
    })
    await openPage('open-bindings', 'unbind')
    const names = phone.findAll('binding-name').map((name) => name.textContent)
    expect(names).toEqual(['免密', '免密第二店', '其他小程序（尾号 0003）'])
    expect(phone.findAll('binding').map((one) => one.textContent?.includes('这个小程序'))).toEqual([
      true,
      false,
      false,
    ])
    expect(phone.text('binding')).not.toContain('未知设备')
  })

  it('says how an identity was bound, and unbinds this WeChat in every mini program', async () => {
    const bound = {
      boundAt: '2026-03-09T00:05:00.000Z',
      lastSeenAt: '2026-03-10T00:05:00.000Z',
      current: false,
    }
    service.handlers['identity.list'] = () => ({
      identities: [
        { ...bound, appId: 'wx2', boundBy: 'password', device: 'Mozilla/5.0 (iPhone; wechat)' },
        { ...bound, appId: 'wx3', boundBy: 'unionid', device: null },
      ],
    })
    await openPage('open-bindings', 'unbind-everywhere')
    expect(phone.text('binding')).toContain('用密码绑定，iPhone')
    phone.tap('unbind-everywhere')
    await phone.answerDialog('全部解除')
    await phone.until(() => inputs('identity.unbind').length > 0)
    expect(inputs('identity.unbind')).toEqual([{ appId: 'wx2', everywhere: true }])
  })

  it('is rejected for the last way to sign in, and a link to add another is shown', async () => {
    failWith('identity.unbind', 'last_credential')
    await openPage('open-bindings', 'unbind')
    phone.tap('unbind')
    await phone.answerDialog('解除')
    await phone.until(() => phone.find('form-error'))
    expect(phone.text('form-error')).toContain('唯一的登录方式')
    phone.tap('unbind-add-password')
    await phone.until(() => phone.find('field-next'))
  })
})

describe('deleting the account', () => {
  it('needs a typed word and a confirmation, and opens home as a guest', async () => {
    await openPage('open-delete-account', 'delete-account')
    phone.tap('delete-account')
    await phone.until(() => phone.find('field-confirm-error'))
    phone.type('field-confirm', '注销')
    phone.tap('delete-account')
    await phone.answerDialog('取消')
    expect(inputs('account.delete')).toEqual([])
    phone.tap('delete-account')
    await phone.answerDialog('注销')
    await phone.until(() => phone.find('home-sign-in'))
    const code = expect.stringMatching(/^code-\d+$/)
    expect(inputs('account.delete')).toEqual([{ confirm: true, code }])
    expect(phone.text('home-badge')).toBe('访客')
  })

  it('that fails keeps the person signed in, with a message', async () => {
    failWith('account.delete', 'overloaded')
    await openPage('open-delete-account', 'delete-account')
    phone.type('field-confirm', '注销')
    phone.tap('delete-account')
    await phone.answerDialog('注销')
    await phone.until(() => phone.find('form-error'))
    await phone.relaunch()
    await phone.until(() => phone.find('home-greeting'))
  })
})
