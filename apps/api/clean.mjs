import { rmSync } from 'node:fs'

// Files of a former build, and what it stored while it ran, would be shipped with the new one.
rmSync(new URL('dist', import.meta.url), { recursive: true, force: true })
