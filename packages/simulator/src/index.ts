export type { CompiledApp } from './compiled-app.ts'
export type { OpenTypes } from './components/built-in.ts'
export {
  createSimulator,
  type PageState,
  type Simulator,
  type SimulatorOptions,
} from './simulator.ts'
export type { Modal, Stage, Theme, Toast } from './stage.ts'
