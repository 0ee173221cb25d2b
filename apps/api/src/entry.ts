import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * V8 compiles 1.6 MB at a start. Node stores the result when the process exits, and the next start reads it. The folder
 * is beside the code and not among temporary files, because what it holds is executed: a user who can write there can
 * change the code anyway. Where it cannot be written, as in a read-only image, nothing is stored.
 */
enableCompileCache(fileURLToPath(new URL('.compile-cache', import.meta.url)))
// Not a static import, which would be compiled before the line above runs.
await import('./main.ts')
