import { z } from 'zod'
import type { ApiRequest } from '../transport/call-policy.ts'
import type { Deadline } from '../transport/limits/deadline.ts'
import { unavailableError } from '../wechat-error.ts'

/** A user's phone number, as WeChat verified it. */
export interface PhoneNumber {
  /** The number; a foreign one starts with its country code. */
  phoneNumber: string
  /** The number without country code. */
  purePhoneNumber: string
  /** Country calling code, such as `86`, without `+`. */
  countryCode: string
}

/** WeChat's reply, after validation. */
export interface PhoneNumberReply {
  /** The number; `watermark.timestamp` is the time of the tap in seconds since the epoch. */
  phone_info: PhoneNumber & { watermark: { timestamp: number; appid: string } }
}

const digits = z.string().min(1).max(32)

/**
 * WeChat sends `86`, `"86"`, `"+86"` and `"0086"`, also with spaces. The result has digits alone: one country has one
 * code, or the same number would belong to two users. No code begins with 0 (ITU-T E.164 §6.2.1).
 */
const countryCode = z
  .union([z.string().max(16), z.int().nonnegative().transform(String)])
  .transform((text) =>
    text
      .normalize('NFKC')
      .replace(/[\s()-]/g, '')
      .replace(/^\+/, '')
      .replace(/^0+/, ''),
  )
  .pipe(z.string().regex(/^[1-9]\d{0,3}$/))

/** A number without country code: digits alone, without the spaces and hyphens that make it readable. */
const nationalNumber = digits
  .transform((text) => text.normalize('NFKC').replace(/[\s().-]/g, ''))
  .pipe(z.string().regex(/^\d{1,15}$/))

const replySchema = z.object({
  phone_info: z.object({
    phoneNumber: digits,
    purePhoneNumber: nationalNumber,
    countryCode,
    watermark: z.object({ timestamp: z.int(), appid: z.string() }),
  }),
})

/**
 * getPhoneNumber, `POST /wxa/business/getuserphonenumber`.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html
 */
export function phoneNumberRequest(input: {
  token: string
  code: string
  openid: string
  deadline: Deadline
}): ApiRequest<PhoneNumberReply> {
  return {
    path: '/wxa/business/getuserphonenumber',
    query: { access_token: input.token },
    // With the openid, WeChat checks that the code belongs to this user.
    body: { code: input.code, openid: input.openid },
    replySchema,
    deadline: input.deadline,
  }
}

/** Seconds. The code is valid for 5 minutes after the tap, which the timestamp names; 1 minute for clock skew. */
const maxWatermarkAge = 6 * 60

/**
 * Returns the number from a reply whose watermark names this app and is at most 6 minutes older or newer than `now`.
 *
 * @param now ms since the epoch
 * @throws WechatError of kind `unavailable` for any other watermark
 */
export function readPhoneNumber(
  { phone_info }: PhoneNumberReply,
  appId: string,
  now: number,
): PhoneNumber {
  const { watermark, phoneNumber, purePhoneNumber, countryCode } = phone_info
  if (watermark.appid !== appId) throw unavailableError('watermark of another app')
  const age = Math.round(now / 1000 - watermark.timestamp)
  if (Math.abs(age) > maxWatermarkAge)
    throw unavailableError(
      `watermark out of time: the clock here is about ${Math.abs(age)} s ${age > 0 ? 'ahead of' : 'behind'} WeChat's`,
    )
  return { phoneNumber, purePhoneNumber, countryCode }
}
