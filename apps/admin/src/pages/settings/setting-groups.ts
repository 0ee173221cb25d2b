import type { AdminOutput } from '../../service/trpc-client.ts'

type Setting = AdminOutput['settings']['settings'][number]

const names = {
  service: [
    'HOST',
    'PORT',
    'DATABASE_URL',
    'ISSUER',
    'TRUST_PROXY',
    'ALLOWED_ORIGINS',
    'WEBHOOK_ALLOW',
    'LOG_LEVEL',
    'SHED_LOAD_AFTER',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_TRACES_SAMPLER_ARG',
    'OTEL_SERVICE_NAME',
    'SECRET_KEY',
  ],
  signIn: [
    'SIGN_UP',
    'ACCESS_TOKEN_TTL',
    'REFRESH_TOKEN_TTL',
    'TICKET_TTL',
    'RATE_LIMIT_FACTOR',
    'PHONE_TRUST_DAYS',
    'EXPOSE_OPENID',
    'EXTERNAL_ID_CLAIM',
  ],
  wechat: ['WECHAT_APPS', 'WECHAT_API_URL'],
  administrators: ['ADMIN_ACCOUNT', 'ADMIN_PASSWORD'],
} as const satisfies Record<string, readonly string[]>

interface SettingGroup {
  readonly group: keyof typeof names | 'others'
  readonly settings: readonly Setting[]
}

/** Groups settings by subject. An unknown setting is in the group `others`. */
export function groupSettings(settings: readonly Setting[]): readonly SettingGroup[] {
  const groups = Object.keys(names) as (keyof typeof names)[]
  const groupOf = ({ name }: Setting) =>
    groups.find((group) => names[group].some((known) => known === name)) ?? 'others'
  return [...groups, 'others' as const]
    .map((group) => ({ group, settings: settings.filter((each) => groupOf(each) === group) }))
    .filter((each) => each.settings.length > 0)
}
