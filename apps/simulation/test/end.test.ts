import { expect, it } from 'vitest'
import { type Action, launch } from '../src/actions/action.ts'
import { bindIn, byPassword, linkApps, newGuest, registerIn } from '../src/actions/guests.ts'
import { loadProduct } from '../src/product/load-product.ts'
import { playRun, type RunResult } from '../src/run.ts'
import { drawConfig, quiet, type WorldConfig } from '../src/world/config.ts'
import type { World } from '../src/world/world.ts'

function open(world: World, person: string): void {
  const app = world.devices.find((device) => device.person === person)?.apps.get('shop')
  if (app === undefined) throw new Error('no such app')
  launch(world, app)
}

/** Merges two users of Ming. The WeChat in “shop” stays with the one that goes, because the other one has one there. */
async function mergeTwo(world: World): Promise<void> {
  const [ming, hua] = ['Ming', 'Hua'].map((name) => ({ ...newGuest(world), name }))
  if (ming === undefined || hua === undefined) return
  linkApps(world)
  world.wechat.forgetsUnionid = true
  const gone = await registerIn(world, ming, 'shop')
  const kept = await registerIn(world, ming, 'club')
  const other = await registerIn(world, hua, 'shop')
  if (gone === null || kept === null || other === null) throw new Error('not registered')
  await bindIn(world, { guest: newGuest(world), appId: 'shop', credential: byPassword(kept) })
  for (const { name } of [ming, hua]) open(world, name)
  await world.timeline.pause(5_000)
  const [conflict] = world.store.state.conflicts.values()
  if (conflict === undefined) throw new Error('no conflict')
  const { unionid, firstUserId, secondUserId } = conflict
  const input = { unionid, firstUserId, secondUserId, keepUserId: kept.user.id }
  expect(await world.console.call('conflicts.merge', input)).toHaveProperty('data')
  await world.console.call('people.endSessions', { userId: other.user.id })
}

const merging: Action = {
  name: 'two users of Ming are merged, and two days pass',
  weight: 1,
  play(world) {
    mergeTwo(world).catch((error: unknown) => world.fail('no-surprise', String(error)))
    world.timeline.runUntil(world.timeline.now + 48 * 3_600_000)
  },
}

it('a person whose app was refused before another sign-in removed the merged user taps again (seed 207851492)', async () => {
  const product = await loadProduct()
  const config: WorldConfig = {
    ...drawConfig(1),
    signUp: 'bind',
    ...{ appIds: ['shop', 'club'], linkedApps: [true, true], nodeCount: 1 },
    ...{ personCount: 2, noise: quiet },
  }
  // Who comes first is drawn.
  for (let seed = 1; seed <= 12; seed++) {
    const steps = [{ action: merging, seed }]
    // A run has to begin in a task of its own.
    const { violation } = await new Promise<RunResult>((resolve) => {
      setImmediate(() => resolve(playRun({ product, config: { ...config, seed }, steps })))
    })
    expect(violation).toBeNull()
  }
})
