import type { Invariant } from './invariant.ts'

/** How long WeChat accepts a code, in ms. */
const codeTtl = 5 * 60_000

export const codeOnce: Invariant = {
  name: 'code-once',
  sentence:
    'A login code reaches WeChat once while WeChat could accept it, however many nodes get it.',
  sees: 'before',
  watch(world, fail) {
    const sent = new Map<string, number>()
    return {
      wechatAsked(name, { path, query }) {
        if (path !== '/sns/jscode2session') return
        const { now } = world.timeline
        const code = String(query['js_code'])
        if (now - (sent.get(code) ?? Number.NEGATIVE_INFINITY) < codeTtl)
          return fail(`${name} sent a login code to WeChat that had been sent before`)
        sent.set(code, now)
      },
    }
  },
}
