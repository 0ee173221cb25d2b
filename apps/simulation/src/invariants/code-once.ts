import type { Invariant } from './invariant.ts'

/** How long WeChat accepts a code, in ms. */
const codeTtl = 5 * 60_000

export const codeOnce: Invariant = {
  name: 'code-once',
  sentence:
    'A login code reaches WeChat once, from one life of a node and while WeChat could accept it.',
  sees: 'before',
  watch(world, fail) {
    const sent = new Map<string, { life: unknown; at: number }>()
    return {
      wechatAsked(name, { path, query }) {
        if (path !== '/sns/jscode2session') return
        const life = world.nodes.find((node) => node.name === name)?.life
        const key = `${name} ${query['js_code']}`
        const { now } = world.timeline
        const before = sent.get(key)
        if (before !== undefined && before.life === life && now - before.at < codeTtl)
          return fail(`${name} sent a login code to WeChat twice`)
        sent.set(key, { life, at: now })
      },
    }
  },
}
