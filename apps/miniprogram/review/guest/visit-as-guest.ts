import type { Occurrence } from '../facts/read-script.ts'
import type { PackageFiles } from '../package-files.ts'
import { type PageOptions, startBareRuntime } from './bare-runtime.ts'
import { createGuestWx, type Guest, type GuestActivity } from './guest-wx.ts'

/** Milliseconds of the mini program's clock that a visit lasts. */
const visitDuration = 5_000

/** Starts the mini program and opens the page without any tap. Returns what it does by itself. */
export async function visitAsGuest(
  files: PackageFiles,
  page: string,
  guest: Guest,
): Promise<GuestActivity> {
  const activity: GuestActivity = { actions: [], requests: [] }
  const clock = createClock()
  const wx = createGuestWx(guest, activity, () => callerIn(files))
  const silentConsole = { log() {}, info() {}, warn() {}, error() {}, debug() {} }
  const phone = startBareRuntime(files.root, wx, { ...clock.globals, console: silentConsole })
  const opened = { path: page, query: {}, scene: 1001 }
  phone.require('app.js')
  for (const app of phone.apps) {
    app.onLaunch?.(opened)
    app.onShow?.(opened)
  }
  phone.require(`${page}.js`)
  const options = phone.pages.at(-1)
  if (options) await openPage(options)
  await clock.run(visitDuration)
  return activity
}

async function openPage(options: PageOptions): Promise<void> {
  const data = { ...options.data }
  const setData = (patch: object, done?: () => void) => {
    Object.assign(data, patch)
    done?.()
  }
  const page: PageOptions = Object.assign(Object.create(options), { ...options, data, setData })
  await Promise.allSettled([page.onLoad?.({}), page.onShow?.(), page.onReady?.()])
}

/** The place in the package that calls the API. */
function callerIn(files: PackageFiles): Omit<Occurrence, 'name'> {
  const stack = new Error('for the stack').stack ?? ''
  for (const [, file = '', line, column] of stack.matchAll(/([\w./-]+\.js):(\d+):(\d+)\)?$/gm)) {
    if (files.all.includes(file)) return { file, line: Number(line), column: Number(column) }
  }
  return { file: '.', line: 0, column: 0 }
}

/** A clock without waiting, so that a redirect after three seconds is found at once. */
function createClock() {
  let now = 0
  let lastId = 0
  const waiting = new Map<number, { at: number; run: () => void }>()
  const setTimeout = (run: () => void, delay = 0) => {
    lastId += 1
    waiting.set(lastId, { at: now + delay, run })
    return lastId
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

/** Runs everything that waits only for its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((next) => setImmediate(next))
}
