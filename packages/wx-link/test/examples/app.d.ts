/** What the examples take from the app around them. */
type AppRouter = import('../fixtures/trpc-server.ts').TestRouter
