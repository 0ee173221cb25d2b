import { CompileError } from './compile-error.ts'

/** The faults of pages and components, which cost no other page. */
export interface Faults {
  /** The first fault of each page or component, by path without suffix. */
  messages: Record<string, string>
  /** Runs `compile`; a CompileError that it throws becomes a fault of `path`. */
  guard<T>(path: string, compile: () => T): T | undefined
}

export function createFaults(): Faults {
  const messages: Record<string, string> = {}
  return {
    messages,
    guard(path, compile) {
      try {
        return compile()
      } catch (error) {
        if (!(error instanceof CompileError)) throw error
        messages[path] ??= error.message
        return undefined
      }
    },
  }
}
