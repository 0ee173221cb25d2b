import type { WxCallbacks } from '../screen-host.ts'
import type { WechatServices } from './wechat-services.ts'

/** The event that a button with an `open-type` sends to the page, or none. */
export type OpenTypeEvent = { type: string; detail: Record<string, unknown> } | undefined

/** @see https://developers.weixin.qq.com/miniprogram/dev/component/button.html */
export async function runOpenType(wechat: WechatServices, type: string): Promise<OpenTypeEvent> {
  const startedAt = Date.now()
  const event = await run(wechat, type)
  const { detail } = event ?? {}
  if (detail) wechat.openType.onEnd?.({ openType: type, startedAt, endedAt: Date.now(), detail })
  return event
}

async function run(wechat: WechatServices, type: string): Promise<OpenTypeEvent> {
  switch (type) {
    case 'getPhoneNumber':
      return { type: 'getphonenumber', detail: await getPhoneNumber(wechat) }
    case 'chooseAvatar':
      return chooseAvatar(wechat)
    case 'openSetting':
      return openSetting(wechat.wxCallbacks())
    default:
      return undefined
  }
}

async function getPhoneNumber(wechat: WechatServices): Promise<Record<string, unknown>> {
  const { openType, dialogs } = wechat
  try {
    await wechat.wxCallbacks()?.requirePrivacy('button.getPhoneNumber')
  } catch (error) {
    return failure('getPhoneNumber', error)
  }
  const person = openType.person?.()
  if (person) {
    const isAllowed = await dialogs.showRequest({
      title: '获取并验证你的手机号',
      detail: '',
      offered: { text: maskNumber(person.phone), note: '微信绑定号码' },
      denyText: '不允许',
      allowText: '允许',
      testid: 'number',
    })
    if (!isAllowed) return { errMsg: 'getPhoneNumber:fail user deny' }
  }
  const reply = (await openType.getPhoneNumber?.()) ?? {
    errMsg: 'getPhoneNumber:fail no permission',
  }
  return { errMsg: 'getPhoneNumber:ok', ...reply }
}

/** Masks a phone number as WeChat shows it: `138****8000`. */
export const maskNumber = (phone: string): string => phone.replace(/^(.{3}).*(.{4})$/, '$1****$2')

/** A refusal or a cancelled sheet sends no event, as on the phone. */
async function chooseAvatar(wechat: WechatServices): Promise<OpenTypeEvent> {
  const { openType, dialogs, files, resolveUrl } = wechat
  try {
    await wechat.wxCallbacks()?.requirePrivacy('button.chooseAvatar')
  } catch (error) {
    console.warn(failure('chooseAvatar', error)['errMsg'])
    return undefined
  }
  const person = openType.person?.()
  const chosen = async (): Promise<{ avatarUrl: string } | undefined> => {
    if (openType.chooseAvatar) return openType.chooseAvatar()
    if (!person?.avatarUrl) return undefined
    // A copy of the avatar, as on the phone; where nothing can be drawn, the URL itself.
    const copy = files.addAvatar(resolveUrl(person.avatarUrl))
    return { avatarUrl: await copy.catch(() => person.avatarUrl ?? '') }
  }
  const items = [
    { text: '用微信头像', testid: 'avatar-wechat' },
    { text: '从相册选择', testid: 'avatar-album' },
  ]
  const index = person ? await dialogs.showActionSheet(items, '选择头像') : 0
  const detail = index === 0 ? await chosen() : index === 1 ? await pick(files) : undefined
  return detail && { type: 'chooseavatar', detail }
}

async function pick(files: WechatServices['files']): Promise<{ avatarUrl: string } | undefined> {
  const path = await files.pickPicture()
  return path === undefined ? undefined : { avatarUrl: path }
}

async function openSetting(wxCallbacks: WxCallbacks | undefined): Promise<OpenTypeEvent> {
  if (!wxCallbacks) return undefined
  const authSetting = await wxCallbacks.openSettings()
  return { type: 'opensetting', detail: { errMsg: 'openSetting:ok', authSetting } }
}

function failure(api: string, error: unknown): Record<string, unknown> {
  const { message, errno } = error as { message?: string; errno?: number }
  return { errMsg: `${api}:fail ${message ?? error}`, ...(errno !== undefined && { errno }) }
}
