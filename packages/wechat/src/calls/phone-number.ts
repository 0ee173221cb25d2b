import { z } from 'zod'
import type { Deadline } from '../transport/deadline.ts'
import type { Question } from '../transport/transport.ts'
import { unavailable } from '../wechat-error.ts'

export interface PhoneNumber {
  /** With the country code where the number is foreign. */
  phoneNumber: string
  /** Without the country code. */
  purePhoneNumber: string
  countryCode: string
}

export interface PhoneReply {
  phone_info: PhoneNumber & { watermark: { timestamp: number; appid: string } }
}

const digits = z.string().min(1).max(32)

const reply = z.object({
  phone_info: z.object({
    phoneNumber: digits,
    purePhoneNumber: digits,
    // WeChat sends it as a string or as a number.
    countryCode: z.union([z.string().min(1).max(8), z.int().nonnegative().transform(String)]),
    watermark: z.object({ timestamp: z.int(), appid: z.string() }),
  }),
})

/** WeChat: getPhoneNumber, `POST /wxa/business/getuserphonenumber`. */
export function phoneNumberQuestion(input: {
  token: string
  code: string
  openid: string
  deadline: Deadline
}): Question<PhoneReply> {
  return {
    path: '/wxa/business/getuserphonenumber',
    query: { access_token: input.token },
    // With openid, WeChat checks that the code belongs to this user.
    body: { code: input.code, openid: input.openid },
    shape: reply,
    deadline: input.deadline,
  }
}

/** The code lives 5 minutes, and the timestamp is that of the tap; a minute for the clocks. */
const maxWatermarkAge = 6 * 60

/**
 * Takes the number only where the watermark is of our app and at most 6 minutes from our clock,
 * either way. `now` is in ms since the epoch.
 */
export function readPhoneNumber(
  { phone_info }: PhoneReply,
  appId: string,
  now: number,
): PhoneNumber {
  const { watermark, phoneNumber, purePhoneNumber, countryCode } = phone_info
  if (watermark.appid !== appId) throw unavailable('watermark of another app')
  if (Math.abs(now / 1000 - watermark.timestamp) > maxWatermarkAge) {
    throw unavailable('watermark out of time')
  }
  return { phoneNumber, purePhoneNumber, countryCode }
}
