/** Where the service is, set when the mini program is built (vite.config.ts). */
declare const __SERVICE_URL__: string

/** Newer phones may have it, none is known to promise it. */
declare const AbortController: (new () => object) | undefined
