/** Where the service is, set when the mini program is built (vite.config.ts). */
declare const __SERVICE_URL__: string
