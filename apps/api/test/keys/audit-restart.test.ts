import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { verifyAudit } from '../../src/store/sqlite/index.ts'
import { createAuditKeySealer } from '../../src/tokens/audit-key-sealer.ts'
import { createRootKey } from '../../src/tokens/root-key.ts'
import { login, register, startService } from '../harness.ts'

const secret = randomBytes(32)
const sealer = createAuditKeySealer(createRootKey(secret))

async function start(level = 'error') {
  const log: string[] = []
  const logStream = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk))
      done()
    },
  })
  const service = await startService(
    { SECRET_KEY: secret.toString('base64'), LOG_LEVEL: level },
    { logStream },
  )
  await register(service, 'ming', 'ming')
  await login(service, 'ming')
  const tamper = (sql: string) => service.database().sqlite.exec(sql)
  const verify = () => verifyAudit(service.database(), sealer)
  return { service, log, tamper, verify }
}

describe('a chain that was deleted', () => {
  it.each([
    ['with all lines', 'delete from audit_events; delete from audit_chain'],
    [
      'and the lines that were left altered',
      `delete from audit_events where id % 2 = 0; delete from audit_chain;
       update audit_events set mac = null, address = '10.9.9.9'`,
    ],
    ['alone', 'delete from audit_chain'],
    [
      'with all lines and signing keys',
      'delete from audit_events; delete from audit_chain; delete from signing_keys; delete from root_keys',
    ],
  ])('%s is a fault for ever, and each start says so', async (_what, sql) => {
    const { service, log, tamper, verify } = await start()
    expect(verify()).toMatchObject({ restartedAt: null, fault: null })
    tamper(sql)
    if (!sql.includes('signing_keys')) expect(verify().fault).toEqual({ kind: 'no_chain' })
    for (const times of [1, 2]) {
      await service.restart()
      await login(service, 'ming')
      const line = "select count(*) from audit_events where action = 'system.auditRestart'"
      expect(service.database().sqlite.prepare(line).pluck().get()).toBe(1)
      expect(log.filter((text) => text.includes('audit_chain'))).toHaveLength(times)
      expect(verify()).toMatchObject({ restartedAt: expect.any(Number), fault: null })
      expect(verify().verified).toBeGreaterThan(0)
    }
    tamper('delete from audit_events')
    expect(verify().fault).toMatchObject({ kind: 'end' })
    tamper('delete from audit_chain')
    await service.restart()
    expect(verify().restartedAt).not.toBeNull()
  })

  it('is found also where SECRET_KEY is replaced at the same time', async () => {
    const { service, tamper, verify } = await start()
    tamper('delete from audit_events; delete from audit_chain')
    const newer = randomBytes(32)
    await service.restart({
      SECRET_KEY: `${newer.toString('base64')},${secret.toString('base64')}`,
    })
    const both = createAuditKeySealer(createRootKey(newer, secret))
    expect(verifyAudit(service.database(), both).restartedAt).not.toBeNull()
    expect(() => verify()).toThrow()
  })
})

it('a database of an earlier version, whose signing keys know of no chain, has its first one', async () => {
  const { service, tamper, verify } = await start()
  const root = createRootKey(secret)
  const { sqlite } = service.database()
  const keys = sqlite.prepare('select kid, sealed_private_jwk as sealed from signing_keys')
  for (const { kid, sealed } of keys.all() as { kid: string; sealed: string }[]) {
    const { auditChain, ...jwk } = JSON.parse(root.open('signing key', sealed))
    expect(auditChain).toBe(true)
    sqlite
      .prepare('update signing_keys set sealed_private_jwk = ? where kid = ?')
      .run(root.seal('signing key', JSON.stringify(jwk)), kid)
  }
  tamper('delete from audit_chain; update audit_events set mac = null')
  await service.restart()
  expect(verify()).toMatchObject({ restartedAt: null, fault: null })
  expect(verify().earlier).toBeGreaterThan(0)
  // From then on it is known.
  tamper('delete from audit_chain')
  expect(verify().fault).toEqual({ kind: 'no_chain' })
})

it('the newest line is logged at the end, so that lines cut off later are found', async () => {
  const { service, log, verify } = await start('info')
  await service.restart()
  const { last, mac } = verify()
  expect(last).not.toBeNull()
  expect(mac).not.toBeNull()
  const heads = log.filter((text) => text.includes('auditHead')).map((text) => JSON.parse(text))
  expect(heads.at(-1)).toMatchObject({ auditHead: { id: last?.id, mac } })
})
