export { pictureIn } from '../src/avatar/picture.ts'
export { blankImport } from './blank-import.ts'
export { failureOf, reasonOf } from './failure-of.ts'
export { createTestClock, type TestClock } from './fakes/clock.ts'
export { inflateStored } from './fakes/inflate.ts'
export {
  commonPassword,
  createFakePasswords,
  type FakePasswords,
  importedHash,
} from './fakes/passwords.ts'
export {
  createFakeEnrolmentCodes,
  createFakeRecoveryCodes,
  createFakeTotp,
  type FakeTotp,
} from './fakes/second-factor.ts'
export { accessTokenTtl, createFakeTokens } from './fakes/tokens.ts'
export {
  createFakeOpenDataReader,
  createFakeVault,
  encryptOpenData,
  type OpenDataDraft,
} from './fakes/vault.ts'
export { createFakeWechat, type FakeWechat, type WechatUser } from './fakes/wechat.ts'
export { createMemoryStore, type MemoryStore } from './memory-store/memory-store.ts'
export {
  pictureOfType,
  pngChunk,
  pngSignature,
  storedStream,
  testPictures,
  testPng,
} from './pictures.ts'
export {
  enrolTestAdmin,
  giveTestEnrolment,
  makeTestAdmin,
  openFirstFactor,
  type SecondSignIn,
  startSecondSignIn,
  type TestAdmin,
  testEnrolmentCode,
} from './test-admin.ts'
export {
  createTestService,
  giveTestPhone,
  issueTestTicket,
  registerTestUser,
  signInTestUser,
  type TestService,
  type TestServiceOptions,
  type TestUser,
  testApps,
  testHealth,
  testOrigin,
  testPassword,
  testSettings,
} from './test-service.ts'
export { openTestSession, type TestSession, testIdleTime } from './test-session.ts'
