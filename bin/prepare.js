// Plain JavaScript without dependencies: this runs on the machine's own Node (20.3 or newer), before anything is
// installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
// Inside node_modules, so that removing it asks for a new installation.
const mark = join(modules, '.rollbook-installed')
const oldestNode = 24
const quietMs = 30_000

/**
 * Installs what is missing, then runs a program of ours on a Node that can, and ends as it ends. One that `isShort` has
 * nothing to tear down: it gets no channel to us, and runs in this process where our own Node can.
 */
export function runOnOurNode(script, { isShort = false } = {}) {
  installWhatIsMissing()
  const node = findNode()
  if (isShort && node === process.execPath) {
    stopWithNpm({ kill: (signal) => process.kill(process.pid, signal) })
    return import(pathToFileURL(join(root, script)).href)
  }
  const child = spawn(node, [join(root, script), ...process.argv.slice(2)], {
    stdio: isShort ? 'inherit' : ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.on('error', (error) => stop(`${node} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 1)
    process.exit()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal))
  stopWithNpm(child)
}

/** npm that is killed passes nothing on, and a stack that nobody can stop would stay. */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return
  const ancestors = listAncestors()
  setInterval(() => {
    if (listAncestors() !== ancestors) child.kill('SIGTERM')
  }, 1000).unref()
}

/** npm starts us by `sh -c`; some shells become us and others stay in between, so on Linux npm itself is looked up too. */
function listAncestors() {
  const parent = process.ppid
  try {
    const isShell = readFileSync(`/proc/${parent}/cmdline`, 'utf8').startsWith('sh\0-c')
    // The name of the process, in brackets, may hold anything; its parent is the second field after it.
    const [, grandparent] = readFileSync(`/proc/${parent}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return isShell ? `${parent} ${grandparent}` : String(parent)
  } catch {
    return String(parent)
  }
}

function installWhatIsMissing() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (isInstalled(wanted)) return
  const release = takeTurn()
  try {
    // Another command may have installed everything while we waited.
    if (isInstalled(wanted)) return
    say(
      existsSync(modules)
        ? 'The lock file changed: installing packages again (npm ci) …'
        : 'Installing packages (npm ci), the first time only …',
    )
    const npm = process.env.npm_execpath
    const [file, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
    // No install scripts: newer npm refuses them, and nothing here needs one (stack/postgres/postgres-binaries.ts links libraries).
    // Its output goes to standard error: standard output belongs to the command that follows.
    const result = spawnSync(
      file,
      [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: root, stdio: ['ignore', 2, 2] },
    )
    if (result.error) stop(`npm could not be started: ${result.error.message}`)
    if (result.status !== 0) stop(`npm ci failed (exit code ${result.status}); its own words stand above.`)
    writeFileSync(mark, wanted)
  } finally {
    release()
  }
}

function isInstalled(wanted) {
  try {
    if (readFileSync(mark, 'utf8') === wanted) return true
  } catch {
    // No mark: look at what npm itself says below.
  }
  // Somebody ran `npm ci` or `npm install` by hand: npm wrote its own record after the lock file was written.
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record) || existsSync(mark)) return false
  if (statSync(record).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) return false
  writeFileSync(mark, wanted)
  return true
}

/** One installation at a time in a checkout. A folder is made by one process only; a lock left by a killed one grows old. */
function takeTurn() {
  const lock = join(root, '.rollbook', 'install.lock')
  mkdirSync(dirname(lock), { recursive: true })
  for (let isTold = false; ;) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      return () => rmSync(lock, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isTold) say('Another command is installing packages; waiting for it …')
    isTold = true
    if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
  }
}

function isAbandoned(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    if (error.code === 'EPERM') return false
    // Without a pid it may have been made this very moment.
    return error.code === 'ESRCH' || Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > quietMs
  }
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath
  const packaged = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  return stop(
    `Rollbook runs on Node ${oldestNode} or newer; this is ${process.versions.node}, and there is no packaged Node for ` +
      `${process.platform} on ${process.arch}. Install Node ${oldestNode} (https://nodejs.org) and try again.`,
  )
}

function say(text) {
  process.stderr.write(`rollbook: ${text}\n`)
}

function stop(text) {
  say(text)
  if (process.argv.includes('--json')) {
    const error = { code: 'NOT_INSTALLED', status: null, detail: text, requestId: null }
    writeSync(1, `${JSON.stringify({ error }, null, 2)}\n`)
  }
  process.exit(1)
}
