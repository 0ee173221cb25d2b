import type { Occurrence } from '../facts/read-script.ts'
import type { PackageFiles } from '../package-files.ts'
import { type PageOptions, startBareRuntime } from './bare-runtime.ts'
import { createGuestWx, type Guest, type GuestActivity } from './guest-wx.ts'

/** Milliseconds of the mini program's own time for which a guest looks at a page. */
const stay = 5_000

/** Starts the mini program, opens the page, and touches nothing. What it then does is its own will. */
export async function visitAsGuest(
  files: PackageFiles,
  page: string,
  guest: Guest,
): Promise<GuestActivity> {
  const activity: GuestActivity = { moves: [], requests: [] }
  const clock = createClock()
  const wx = createGuestWx(guest, activity, () => callerIn(files))
  const quiet = { log() {}, info() {}, warn() {}, error() {}, debug() {} }
  const phone = startBareRuntime(files.root, wx, { ...clock.globals, console: quiet })
  const opened = { path: page, query: {}, scene: 1001 }
  phone.require('app.js')
  for (const app of phone.apps) {
    app.onLaunch?.(opened)
    app.onShow?.(opened)
  }
  phone.require(`${page}.js`)
  const options = phone.pages.at(-1)
  if (options) await look(options)
  await clock.run(stay)
  return activity
}

async function look(options: PageOptions): Promise<void> {
  const data = { ...options.data }
  const setData = (patch: object, done?: () => void) => {
    Object.assign(data, patch)
    done?.()
  }
  const page: PageOptions = Object.assign(Object.create(options), { ...options, data, setData })
  await Promise.allSettled([page.onLoad?.({}), page.onShow?.(), page.onReady?.()])
}

/** Where in the package the API is being called. */
function callerIn(files: PackageFiles): Omit<Occurrence, 'what'> {
  const stack = new Error('only for its stack').stack ?? ''
  for (const [, file = '', line, column] of stack.matchAll(/([\w./-]+\.js):(\d+):(\d+)\)?$/gm)) {
    if (files.all.includes(file)) return { file, line: Number(line), column: Number(column) }
  }
  return { file: '.', line: 0, column: 0 }
}

/** Time that passes when told to, so that a redirect after three seconds is seen at once. */
function createClock() {
  let now = 0
  let last = 0
  const waiting = new Map<number, { at: number; run: () => void }>()
  const setTimeout = (run: () => void, delay = 0) => {
    last += 1
    waiting.set(last, { at: now + delay, run })
    return last
  }
  const clearTimeout = (id: number) => waiting.delete(id)
  return {
    globals: { setTimeout, clearTimeout, setInterval: () => 0, clearInterval: () => undefined },
    async run(limit: number) {
      for (;;) {
        await settle()
        const [next] = [...waiting].sort(([, a], [, b]) => a.at - b.at)
        if (!next || next[1].at > limit) return
        waiting.delete(next[0])
        now = next[1].at
        next[1].run()
      }
    },
  }
}

/** Lets everything go on that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((next) => setImmediate(next))
}
