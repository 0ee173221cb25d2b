import * as crypto from 'node:crypto'
import { cheapCrypto } from '../../product/cheap-crypto.ts'
import type { World } from '../world.ts'
import type { WechatCodes } from './wechat.ts'

/** How long a code is accepted, in ms. */
const codeTtl = 5 * 60_000

interface LoginCode {
  readonly person: string
  readonly appId: string
  readonly madeAt: number
  isUsed: boolean
}

interface PhoneCode extends LoginCode {
  readonly openid: string
  readonly number: string
}

export function createCodes(world: World): WechatCodes {
  const login = new Map<string, LoginCode>()
  const phone = new Map<string, PhoneCode>()
  const keys = new Map<string, string>()
  const vouched = new Set<string>()
  let serial = 0
  const refusal = (found: LoginCode | undefined, isFitting: boolean): number | null => {
    if (found === undefined || !isFitting) return 40029
    if (found.isUsed) return 40163
    return world.timeline.now - found.madeAt > codeTtl ? 40029 : null
  }
  const codes: WechatCodes = {
    loginCode(person, appId) {
      const code = `code-${++serial}`
      login.set(code, { person, appId, madeAt: world.timeline.now, isUsed: false })
      return code
    },
    phoneCode({ person, appId, openid, number }) {
      const code = `number-${++serial}`
      phone.set(code, { person, appId, openid, number, madeAt: world.timeline.now, isUsed: false })
      return code
    },
    useCode(code, appId) {
      const found = login.get(code)
      const refused = refusal(found, found?.appId === appId)
      if (refused !== null || found === undefined) return refused ?? 40029
      found.isUsed = true
      return found.person
    },
    usePhoneCode(code, openid) {
      const found = phone.get(code)
      const refused = refusal(found, found?.openid === openid)
      if (refused !== null || found === undefined) return refused ?? 40029
      found.isUsed = true
      vouched.add(`${openid} ${found.number}`)
      return found.number
    },
    ownerOfCode: (code) => login.get(code)?.person ?? null,
    hasVouchedFor: (openid, number) => vouched.has(`${openid} ${number}`),
    ofPhoneCode: (code) => phone.get(code) ?? null,
    appOfPhoneCode: (code) => phone.get(code)?.appId ?? '',
    sessionKey: (openid) => keys.get(openid) ?? codes.renewSessionKey(openid),
    renewSessionKey(openid) {
      const key = Buffer.from(`key-${String(++serial).padStart(12, '0')}`).toString('base64')
      keys.set(openid, key)
      return key
    },
    isSignedByNewest: (openid, signature) =>
      // A built service uses Node's.
      [cheapCrypto, crypto].some(
        ({ createHmac }) =>
          createHmac('sha256', codes.sessionKey(openid)).update('').digest('hex') === signature,
      ),
  }
  return codes
}
