import type { WechatRequest } from '../../product/service-parts.ts'
import type { World } from '../world.ts'
import { createCodes } from './codes.ts'
import { faultOf } from './moods.ts'
import type { SimulatedWechat, WechatReply } from './wechat.ts'

/** WeChat's server API, and what it knows of people. */
export function createSimulatedWechat(world: World): SimulatedWechat {
  const codes = createCodes(world)
  const wechat: SimulatedWechat = {
    ...codes,
    mood: 'well',
    platforms: new Map(
      world.config.appIds.map((appId, index) => [
        appId,
        world.config.linkedApps[index] ? 'P' : null,
      ]),
    ),
    blocked: new Set(),
    forgetsUnionid: false,
    accessToken: 'access-1',
    accessTokenReplacedAt: Number.NEGATIVE_INFINITY,
    platformsChangedAt: Number.NEGATIVE_INFINITY,
    openid: (person, appId) => `o-${person}-${appId}`,
    personOf: (openid) => openid.split('-')[1],
    unionid: (person, appId) => {
      const platform = wechat.platforms.get(appId) ?? null
      return platform === null ? null : `u-${platform}-${person}`
    },
    async send(host, request, deadline) {
      const { random, timeline, product, observers } = world
      const { mood } = wechat
      observers.wechatAsked(host, request)
      await timeline.pause(mood === 'slow' ? random.between(500, 6_000) : random.between(5, 80))
      if (mood === 'unreachable') {
        observers.wechatReplied(request, 'unreachable')
        throw new product.server.WechatError('unavailable', { detail: 'ECONNREFUSED' })
      }
      const reply = answer(world, wechat, request)
      const { errcode } = parseOr(reply.text, {} as { errcode?: number })
      observers.wechatReplied(request, reply.status === 200 ? String(errcode ?? 0) : 'mad')
      await timeline.pause(random.between(1, 20))
      if (deadline.hasExpired())
        throw new product.server.WechatError('unavailable', { detail: 'timeout' })
      return reply
    },
  }
  return wechat
}

function parseOr<T>(text: string, otherwise: T): T {
  try {
    const parsed = JSON.parse(text) as T
    return typeof parsed === 'object' && parsed !== null ? parsed : otherwise
  } catch {
    return otherwise
  }
}

const json = (value: object): WechatReply => ({ status: 200, text: JSON.stringify(value) })
const errcode = (code: number, errmsg = ''): WechatReply => json({ errcode: code, errmsg })

function answer(world: World, wechat: SimulatedWechat, request: WechatRequest): WechatReply {
  const { path, query, body } = request
  const fault = faultOf(wechat.mood, path, world.random)
  // A code may be used up although the reply is of no use.
  if (fault !== null && path === '/sns/jscode2session' && world.random.chance(0.5))
    wechat.useCode(query['js_code'] ?? '', query['appid'] ?? '')
  if (fault !== null) return fault
  switch (path) {
    case '/sns/jscode2session':
      return codeToSession(world, wechat, query)
    case '/cgi-bin/stable_token':
      return json({ access_token: wechat.accessToken, expires_in: 7200 })
    case '/wxa/business/getuserphonenumber': {
      if (query['access_token'] !== wechat.accessToken)
        return errcode(world.random.pick([40001, 40014, 42001]))
      const number = wechat.usePhoneCode(String(body?.['code']), String(body?.['openid'] ?? ''))
      if (typeof number !== 'string') return errcode(number)
      const watermark = {
        appid: wechat.appOfPhoneCode(String(body?.['code'])),
        timestamp: Math.floor(world.timeline.now / 1000),
      }
      return json({
        errcode: 0,
        phone_info: { phoneNumber: number, purePhoneNumber: number, countryCode: '86', watermark },
      })
    }
    case '/wxa/resetusersessionkey': {
      if (query['access_token'] !== wechat.accessToken) return errcode(40001)
      const openid = String(query['openid'])
      if (!wechat.isSignedByNewest(openid, String(query['signature']))) return errcode(87009)
      return json({ errcode: 0, openid, session_key: wechat.renewSessionKey(openid) })
    }
    default:
      return errcode(40066)
  }
}

function codeToSession(
  world: World,
  wechat: SimulatedWechat,
  query: Readonly<Record<string, string>>,
): WechatReply {
  const appId = query['appid'] ?? ''
  const person = wechat.useCode(query['js_code'] ?? '', appId)
  if (typeof person === 'number') return errcode(person)
  if (wechat.blocked.has(person)) return errcode(40226)
  const openid = wechat.openid(person, appId)
  // WeChat replaces the session_key at times.
  const session_key = world.random.chance(0.3)
    ? wechat.renewSessionKey(openid)
    : wechat.sessionKey(openid)
  const unionid = wechat.forgetsUnionid ? null : wechat.unionid(person, appId)
  wechat.forgetsUnionid = false
  return json({ openid, session_key, ...(unionid === null ? {} : { unionid }) })
}
