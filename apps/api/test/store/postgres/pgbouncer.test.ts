import { existsSync } from 'node:fs'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase, hasPostgres } from '../../../testing/postgres/test-database.ts'
import { describeConformance } from './describe-conformance.ts'
import { openNode, openNodes, race, register, signIn } from './nodes.ts'
import { pgBouncer, startPgBouncer } from './pgbouncer.ts'

describe.skipIf(!hasPostgres || !existsSync(pgBouncer))(
  'the PostgreSQL store behind PgBouncer in transaction mode',
  () => {
    describe('with one node', () => {
      let stop = async (): Promise<void> => {}
      afterAll(() => stop())
      describeConformance(async (url) => {
        const bouncer = await startPgBouncer(url)
        stop = bouncer.stop
        return bouncer.url
      })
    })

    it('fails no call of several nodes whose connections are changed under them', async () => {
      const bouncer = await startPgBouncer(await createTestDatabase())
      onTestFinished(bouncer.stop)
      const nodes = await openNodes(bouncer.url, 4)
      const people = await race(32, async (index) =>
        register(nodes[index % 4] ?? (await openNode(bouncer.url))),
      )
      const results = await race(400, async (index) => {
        const [node, person] = [nodes[index % 4], people[index % 32]]
        if (node === undefined || person === undefined) throw new Error('no node')
        if (index % 5 === 0) return (await signIn(node, person.identity)).status
        return (await node.stores.sessions.find(person.session.id))?.user.id === person.userId
          ? 'found'
          : 'missing'
      })
      expect(results.filter((result) => result === 'found')).toHaveLength(320)
      expect(results.filter((result) => result === 'bound')).toHaveLength(80)
    })
  },
)
