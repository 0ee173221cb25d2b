/** The login codes that are sent to WeChat. */
export interface CodeStore {
  /**
   * Takes a code, so that it is sent to WeChat once. Of callers that race, in all processes that share the database, one
   * gets true, and each one after it false, for ten minutes at least. A store for one process may keep its codes in memory:
   * after a restart WeChat refuses those that it has seen. A store that keeps its codes on a disk stores a hash, because
   * WeChat may not have seen the code yet.
   *
   * @param code the appid, a space and the code
   * @throws Failure `overloaded` where the store is away; then WeChat must not be asked
   */
  claim(code: string, now: number): Promise<boolean>
  /** Gives a claimed code back, because WeChat was not asked. Of callers that race afterwards one can claim it again. */
  release(code: string): Promise<void>
}
