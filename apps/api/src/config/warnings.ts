import { haveEveryAddress } from '../webhooks/address-guard.ts'
import type { Config } from './config.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** The factor from which on guesses of passwords are hardly limited any more. */
const highLimitFactor = 10

/**
 * Values that are valid, and that hardly any installation for production means: a line for each, with the name of the
 * variable and without a secret.
 */
export const warningsOf = (config: Config): string[] => [
  ...warnOfApps(config),
  ...warnOfIssuer(config),
  ...warnOfTimes(config),
  ...warnOfRest(config),
]

function warnOfApps({ wechatApps }: Config): string[] {
  return Object.entries(wechatApps).flatMap(([appId, secret], index) => {
    // Neither may be printed: what stands in the place of the appid is the secret.
    if (isAppSecret.test(appId) || isAppId.test(secret))
      return [
        `WECHAT_APPS: entry ${index + 1} seems to have the secret before the appid; it must be appid:secret`,
      ]
    return warnOfApp(appId, secret)
  })
}

const isAppId = /^wx[0-9a-f]{16}$/
const isAppSecret = /^[0-9a-f]{32}$/i

function warnOfApp(appId: string, secret: string): string[] {
  return [
    ...(isAppId.test(appId)
      ? []
      : [
          `WECHAT_APPS: ${appId} is no appid of WeChat, which is wx and 16 hexadecimal digits in lower case`,
        ]),
    ...(isAppSecret.test(secret)
      ? []
      : [
          `WECHAT_APPS: the secret of ${appId} is not an AppSecret of WeChat, which has 32 hexadecimal digits; is it a placeholder?`,
        ]),
  ]
}

function warnOfIssuer({ issuer, isSet }: Config): string[] {
  if (!isSet('ISSUER'))
    return [
      `ISSUER is not set, so tokens and addresses of avatars name ${issuer}; set it to the public https address of the service`,
    ]
  const url = new URL(issuer)
  const written = issuer.endsWith('/') ? url.href : url.href.replace(/\/$/, '')
  return [
    ...(url.protocol === 'https:'
      ? []
      : [
          `ISSUER ${issuer} is no https address: a mini program loads no avatar from it, and other services must not fetch keys from it`,
        ]),
    ...(written === issuer
      ? []
      : [
          `ISSUER ${issuer} is usually written ${written}; services that verify tokens compare it letter by letter`,
        ]),
  ]
}

function warnOfTimes({ accessTokenTtl, refreshTokenTtl, ticketTtl }: Config): string[] {
  return [
    ...(accessTokenTtl > dayMs
      ? [
          'ACCESS_TOKEN_TTL is more than a day: services that verify tokens by themselves accept one for so long after a sign-out',
        ]
      : []),
    ...(accessTokenTtl > refreshTokenTtl
      ? [
          'ACCESS_TOKEN_TTL is longer than REFRESH_TOKEN_TTL: a session ends before its access token, whose time has no effect here',
        ]
      : []),
    ...(ticketTtl > hourMs
      ? [
          'TICKET_TTL is more than an hour: a ticket binds a WeChat identity, and is used within minutes',
        ]
      : []),
  ]
}

function warnOfRest({ rateLimitFactor, webhookAllow, wechatApiUrl }: Config): string[] {
  return [
    ...(rateLimitFactor >= highLimitFactor
      ? [
          `RATE_LIMIT_FACTOR is ${rateLimitFactor}: so many times as many passwords can be tried; it is for load tests`,
        ]
      : []),
    ...(haveEveryAddress(webhookAllow)
      ? [
          'WEBHOOK_ALLOW contains every address, so webhooks may call every machine of your network; list those that receive',
        ]
      : []),
    ...(wechatApiUrl === undefined
      ? []
      : [
          `WECHAT_API_URL is set, so ${new URL(wechatApiUrl).host} is asked in place of WeChat and says who signs in`,
        ]),
  ]
}
