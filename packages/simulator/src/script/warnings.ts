/** Writes a warning to the console, each text once in a launch. */
export type WarnOnce = (text: string) => void

export function createWarnOnce(): WarnOnce {
  const written = new Set<string>()
  return (text) => {
    if (written.has(text)) return
    written.add(text)
    console.warn(text)
  }
}

// Read by promises, JSON and consoles, not by a mini program.
const PROTOCOLS = new Set(['then', 'toJSON', 'constructor', 'toString', 'valueOf'])

/** `wx` with a warning when a property that it does not have is read. */
export function warnOfUnknown(wx: object, warn: WarnOnce): object {
  return new Proxy(wx, {
    get(target, name, receiver) {
      // Names with a sign in front are what a framework keeps on `wx`.
      if (
        typeof name === 'string' &&
        !(name in target) &&
        !/^[$_]/.test(name) &&
        !PROTOCOLS.has(name)
      ) {
        warn(`wx.${name} is not simulated`)
      }
      return Reflect.get(target, name, receiver)
    },
  })
}
