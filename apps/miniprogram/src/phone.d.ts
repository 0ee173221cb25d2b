/** Address of the service, set by the build (vite.config.ts). */
declare const __SERVICE_URL__: string
