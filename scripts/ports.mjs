import { createServer } from 'node:net'

/**
 * What is wrong with the ports, in one line, or null. `ports` has the port and its variable for each process:
 * `{ service: { port: '3000', variable: 'PORT' } }`.
 */
export async function findPortFault(ports) {
  const choices = Object.entries(ports)
  for (const [name, { port, variable }] of choices) {
    if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
      return `${variable} must be a port from 1 to 65535, not "${port}".`
    const other = choices.find(([, choice]) => Number(choice.port) === Number(port))
    if (other && other[0] !== name)
      return `${other[1].variable} and ${variable} are both ${port}; choose two different ports.`
  }
  for (const [name, { port, variable }] of choices) {
    const code = await tryToListen(Number(port))
    if (code !== null)
      return `The ${name} cannot listen on port ${port} (${code}). Stop what listens there, or choose another port: ${variable}=${otherPort(Number(port))} npm start${others(choices, name)}.`
  }
  return null
}

/** Far from it: the three default ports are within 101 of one another. */
const otherPort = (port) => (port > 64_535 ? port - 1000 : port + 1000)

const others = (choices, name) =>
  ` (${choices
    .filter(([other]) => other !== name)
    .map(([other, { variable }]) => `${variable} for the ${other}`)
    .join(', ')})`

/** Null, or the code of the error. */
function tryToListen(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.code ?? error.message))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(null)),
    )
  })
}
