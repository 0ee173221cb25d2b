// node --experimental-strip-types measure-people.mts sqlite|postgres [count]
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { rmSync } from 'node:fs'
import { openStore } from './src/store/open-store.ts'
import { createPhoneSealer } from './src/tokens/phone-sealer.ts'
import { createAuditKeySealer } from './src/tokens/audit-key-sealer.ts'
import { createRootKey } from './src/tokens/root-key.ts'
import { readSearch } from '../../packages/core/src/admin/people/read-search.ts'

const [kind, countText = '1000000', pgUrl] = process.argv.slice(2)
const count = 0
const root = createRootKey(new Uint8Array(32).fill(7))
const url = kind === 'sqlite' ? 'file:/work/h/console/measure/million.db' : pgUrl!
const options = { phones: createPhoneSealer(root), auditKeys: createAuditKeySealer(root), appIds: ['wx1'], issuer: 'https://x.example', onError: console.error, onWarning: console.error, migrations: new URL('./migrations', import.meta.url).pathname }
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧']
const given = [...'明红雨晴霜岚宁安乐欣然可佳文清远航博思睿小大子梓涵浩宇轩怡悦琪萱诗梦雪冰洁丽娟芳敏静婷']
const latin = ['Lucky', 'Sunny', 'alex', 'Momo', 'Kevin', 'coco', 'Tina', 'Leo']
let seed = 1
const random = (n: number) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 2147483648 * n) }
const pick = <T,>(list: readonly T[]) => list[random(list.length)]!
const nicknameOf = () => { const r = random(10); if (r < 1) return null; if (r < 6) return pick(surnames) + pick(given) + (random(2) ? pick(given) : ''); if (r < 8) return pick(given) + pick(given) + '的' + pick(given) + pick(given) + (random(3) ? '~' : '🌸'); return pick(latin) + (random(2) ? random(1000) : ' ' + pick(latin)) }
const row = (i: number) => ({ id: `${(0x01a2040000000000n + BigInt(i)).toString(16).padStart(16, '0')}${String(random(1e9)).padStart(16, '0')}`, account: random(2) ? `user${i}` : null, nickname: nicknameOf(), phone: random(3) ? `1${30 + random(69)}****${String(random(10000)).padStart(4, '0')}` : null, at: 1700000000000 + i * 1000, disabled: i % 97 === 0 ? 1 : null })
if (kind === 'sqlite') rmSync('/work/h/console/measure/million.db', { force: true })
let store = await openStore(url, options as never)
const t0 = performance.now()
if (kind === 'sqlite') {
  await store.close()
  const db = new Sqlite('/work/h/console/measure/million.db')
  const sql = db.prepare("select sql from sqlite_schema where name='users_nickname_insert'").pluck().get() as string
  db.exec('drop trigger users_nickname_insert')
  const insert = db.prepare('insert into users (id, account, account_key, nickname, phone, disabled_at, created_at) values (@id, @account, @account, @nickname, @phone, @disabled, @at)')
  const identity = db.prepare("insert into identities (app_id, openid, user_id, bound_at) values ('wx1', ?, ?, ?)")
  db.transaction(() => { for (let i = 0; i < count; i++) { const r = row(i); insert.run(r); identity.run('o' + r.id, r.id, r.at) } })()
  db.exec(sql); db.exec("insert into nickname_fill values ('')"); db.exec('analyze')
  console.log('MB before fill', db.pragma('page_count', { simple: true }) as number * 4096 / 1e6)
  db.pragma('wal_checkpoint(TRUNCATE)'); db.close()
  store = await openStore(url, options as never)
} else {
  const c = new pg.Client(url); await c.connect(); await c.query('analyze users'); console.log('fill', (await c.query('select * from nickname_fill')).rows)
  console.log('MB before fill', (await c.query('select pg_database_size(current_database())/1e6 as mb')).rows[0].mb)
  await c.end()
}
console.log('inserted', count, Math.round(performance.now() - t0), 'ms')
const t1 = performance.now(); let steps = 0, slowest = 0
for (;;) { const t = performance.now(); const s = await store.nicknameFill.step().catch((e) => { console.log('retry', e.cause?.message ?? e.message); return 'busy' as const }); slowest = Math.max(slowest, performance.now() - t); steps++; if (s === 'done') break }
console.log('filled in', Math.round(performance.now() - t1), 'ms', steps, 'steps, slowest', slowest.toFixed(1), 'ms')
if (kind === 'sqlite') { const db = new Sqlite('/work/h/console/measure/million.db', { readonly: true }); console.log('MB after', db.pragma('page_count', { simple: true }) as number * 4096 / 1e6, 'suffixes', db.prepare('select count(*) from nickname_suffixes').pluck().get()); db.close() }
else { const c = new pg.Client(url); await c.connect(); await c.query('vacuum analyze'); console.log('MB after', (await c.query('select pg_database_size(current_database())/1e6 as mb, pg_total_relation_size(\'nickname_suffixes\')/1e6 as s, (select count(*) from nickname_suffixes) as n')).rows[0]); await c.end() }
const texts = ['明', '小', '的', '雪冰', '王小', '小明', '🌸', 'lucky', 'ucky 5', 'o', '~', '5678', '0001', 'user99', '没有人', 'zzzz', '12']
for (const filter of [{}, { status: 'disabled' }, { appId: 'wx1' }, { status: 'disabled', appId: 'wx1' }, { role: 'admin' }] as const)
  for (const text of texts) {
    const times: number[] = []; const cpus: number[] = []; let found = 0, pages = 0
    for (let turn = 0; turn < 3; turn++) {
      let cursor: string | undefined; found = 0; pages = 0
      do { const t = performance.now(); const cpu = process.cpuUsage(); const page = await store.people.list({ ...filter, limit: 20, search: readSearch(text), cursor } as never); times.push(performance.now() - t); { const used = process.cpuUsage(cpu); cpus.push((used.user + used.system) / 1000) } found += page.items.length; cursor = page.next ?? undefined; pages++ } while (cursor !== undefined && pages < 5)
    }
    times.sort((a, b) => a - b); cpus.sort((a, b) => a - b)
    console.log(JSON.stringify(filter).padEnd(36), text.padEnd(8), 'found', found, 'in', pages, 'pages; ms p50', times[times.length >> 1]!.toFixed(1), 'max', times.at(-1)!.toFixed(1), 'cpu p50', cpus[cpus.length >> 1]!.toFixed(1), 'max', cpus.at(-1)!.toFixed(1))
  }
await store.close()
