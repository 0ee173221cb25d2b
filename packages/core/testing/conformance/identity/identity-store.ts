import { describe } from 'vitest'
import type { MakeStores } from '../stores.ts'
import { administratorsConform } from './administrators.ts'
import { bindingConforms } from './binding.ts'
import { givenUpIdentitiesConform } from './given-up.ts'
import { newestTicketConforms } from './newest-ticket.ts'
import { phoneBindingConforms } from './phone-binding.ts'
import { phoneTrustConforms } from './phone-trust.ts'
import { signInConforms, signUpConforms } from './sign-in.ts'
import { sessionKeysConform, unbindingConforms } from './unbinding.ts'
import { unbindingEverywhereConforms, unboundIdentitiesConform } from './unbound-identities.ts'
import { unionidsConform } from './unionids.ts'

export function describeIdentityStore(make: MakeStores): void {
  describe('the identity store', () => {
    describe('signIn', () => signInConforms(make))
    describe('signUp', () => signUpConforms(make))
    describe('bind, register and repeat', () => bindingConforms(make))
    describe('bindPhone', () => phoneBindingConforms(make))
    describe('the trust in a number', () => phoneTrustConforms(make))
    describe('unionids', () => unionidsConform(make))
    describe('the newest ticket', () => newestTicketConforms(make))
    describe('an identity whose user has nothing else', () => givenUpIdentitiesConform(make))
    describe('list and unbind', () => unbindingConforms(make))
    describe('unbound identities', () => unboundIdentitiesConform(make))
    describe('unbind everywhere', () => unbindingEverywhereConforms(make))
    describe('administrators', () => administratorsConform(make))
    describe('sessionKeys', () => sessionKeysConform(make))
  })
}
