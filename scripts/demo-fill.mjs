import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ensureNode } from './node-version.mjs'
import { root } from './workspace.mjs'

/**
 * Fills the development database of this working copy with demo users, so that the console has something to show. It
 * imports them by the command `admin.js import`, which may run beside the service; a second run changes nothing.
 */

const count = 300
const apps = ['wx6d69616e6d690001', 'wx6d69616e6d690002']
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗']
const givenNames = [...'明红雨晴霜岚宁安乐欣然可佳文清远航博思睿']
const day = 86_400_000

await ensureNode()
const command = join(root, 'apps', 'api', 'dist', 'admin.js')
const secrets = join(root, '.data', 'development.json')
if (process.env.NODE_ENV === 'production') stop('demo:fill is for development alone')
if (!existsSync(command) || !existsSync(secrets))
  stop('there is no development database yet: run npm start once, then npm run demo:fill')

const { secretKey, wechatSecret } = JSON.parse(readFileSync(secrets, 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'mianmi-demo-'))
const file = join(folder, 'users.jsonl')
writeFileSync(
  file,
  Array.from({ length: count }, (_, index) => JSON.stringify(userOf(index))).join('\n'),
)
const { status } = spawnSync(process.execPath, [command, 'import', file], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    SECRET_KEY: process.env.SECRET_KEY || secretKey,
    WECHAT_APPS: process.env.WECHAT_APPS || apps.map((app) => `${app}:${wechatSecret}`).join(','),
  },
})
rmSync(folder, { recursive: true })
process.exit(status ?? 1)

/** Every user of one index is the same in each run. Some have no account, no nickname, no number or a second app. */
function userOf(index) {
  const digits = String(index).padStart(4, '0')
  const nickname = pick(surnames, index) + pick(givenNames, index * 3) + pick(givenNames, index * 7)
  return {
    externalId: `demo-${digits}`,
    ...(index % 3 === 0 ? {} : { account: `demo${digits}` }),
    ...(index % 5 === 4 ? {} : { nickname }),
    ...(index % 2 === 0 ? {} : { phone: `1390000${digits}` }),
    identities: apps.slice(0, index % 8 === 2 ? 2 : 1).map((appId) => ({
      appId,
      openid: `demo-${appId.slice(-4)}-${digits}`,
      unionid: `demo-union-${digits}`,
    })),
    createdAt: new Date(Date.UTC(2026, 0, 1) + ((index * 13) % 300) * day).toISOString(),
  }
}

function pick(list, index) {
  return list[index % list.length]
}

function stop(line) {
  console.error(line)
  process.exit(1)
}
