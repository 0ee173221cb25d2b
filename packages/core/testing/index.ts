export { createMemoryStore, type MemoryStore } from './memory-store/memory-store.ts'
