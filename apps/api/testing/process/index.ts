/** Built programs as processes, for the tests of every package. */
export type { RunningProcess } from './running-process.ts'
export { type Program, type ProgramOptions, startProgram } from './start-program.ts'
