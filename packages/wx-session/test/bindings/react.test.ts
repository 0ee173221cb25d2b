// @vitest-environment jsdom
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it, vi } from 'vitest'
import { useSession } from '../../src/react.ts'
import { createFixture, type Fixture } from '../fixtures/fake-platform.ts'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

interface GreetingProps {
  session: Fixture['session']
  onRender(text: string): void
}

function Greeting({ session, onRender }: GreetingProps) {
  const state = useSession(session)
  const text = state.status === 'signedIn' ? state.user.name : state.status
  onRender(text)
  return createElement('p', null, text)
}

/** The package is compiled without the types of the DOM. */
function createContainer(): Parameters<typeof createRoot>[0] & { readonly textContent: string } {
  return Reflect.get(globalThis, 'document').createElement('div')
}

it('renders each change of the session, and leaves no listener when it is unmounted', async () => {
  const { session } = createFixture()
  const rendered: string[] = []
  const onRender = (text: string) => void rendered.push(text)
  const container = createContainer()
  const root = createRoot(container)
  await act(async () => root.render(createElement(Greeting, { session, onRender })))
  expect(container.textContent).toBe('starting')
  await act(() => session.launch())
  expect(container.textContent).toBe('ming')
  await act(() => session.updateUser({ name: 'Ming' }))
  await act(() => session.signOut())
  expect(rendered).toEqual(['starting', 'ming', 'Ming', 'signedOut'])
  await act(async () => root.unmount())
  await session.signIn()
  expect(rendered).toHaveLength(4)
})
