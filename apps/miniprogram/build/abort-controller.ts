import type { Plugin } from 'vite'

/**
 * tRPC's client says a bare `new AbortController()`. A phone has no such global, and a module
 * cannot make one that other modules see as a bare name, so the build binds the name by an import.
 */
export function abortController(replacement: string): Plugin {
  return {
    name: 'abort-controller',
    transform: {
      filter: { id: /\/node_modules\//, code: /\bnew AbortController\b/ },
      handler: (code) => ({
        code: `import { AbortController } from ${JSON.stringify(replacement)};\n${code}`,
        map: null,
      }),
    },
  }
}
