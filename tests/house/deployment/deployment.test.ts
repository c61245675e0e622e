import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { cp, mkdtemp, readFile, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '../../../config.ts'
import { allocation, memoryFlags } from '../../../stack/processes/our-processes.ts'
import { quietLogSettings } from '../../../stack/postgres/postgres-settings.ts'
import { readCloudFile, readComposeFile, type Service } from './compose-file.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const compose = await readComposeFile(root)
const cloud = await readCloudFile(root)
const services = Object.entries(compose.services)
const ours = services.filter(([, service]) => service.build === '.')
const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8')
const exampleEnvironment = await readFile(join(root, 'deploy/rollbook.env.example'), 'utf8')

/** What the file decides: who is where inside it, and a grace that goes with `stop_grace_period`. */
const fixed = [
  'ROLLBOOK_APP_DATABASE_URL',
  'ROLLBOOK_TEMPORAL_ADDRESS',
  'ROLLBOOK_TEMPORAL_NAMESPACE',
  'ROLLBOOK_API_HOST',
  'ROLLBOOK_API_PORT',
  'ROLLBOOK_SHUTDOWN_GRACE_MS',
]

describe('docker-compose.yml', () => {
  it('publishes nothing beyond this machine', () => {
    const published = services.flatMap(([, { ports }]) => ports)
    assert.ok(published.length > 0)
    for (const port of published) assert.match(port, /^127\.0\.0\.1:/)
  })

  it('pins every image', () => {
    for (const [name, { image }] of services) assert.match(image, /:\d+(\.\d+)*(@sha256:[0-9a-f]{64})?$/, name)
  })

  it('mounts files and runs scripts that are there', async () => {
    for (const [name, { volumes, entrypoint }] of services) {
      for (const volume of volumes) {
        // Of a folder that the operator names, what stands there when none is named.
        const [source = ''] = volume.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1').split(':')
        assert.ok(source in compose.volumes || existsSync(join(root, source)), `${name}: ${volume}`)
      }
      for (const script of entrypoint?.slice(1) ?? []) {
        assert.ok(existsSync(join(root, script.replace('/scripts/', 'deploy/temporal/'))), `${name}: ${script}`)
      }
    }
    for (const script of await listScripts()) {
      assert.equal(spawnSync('sh', ['-n', script]).status, 0, `${script} is not a shell script`)
      assert.ok((await stat(script)).mode & 0o100, `${script} is not executable`)
    }
  })

  it('waits only for what can come', () => {
    for (const [name, { depends_on: waits }] of services) {
      for (const [other, { condition }] of Object.entries(waits)) {
        const awaited = compose.services[other]
        assert.ok(awaited !== undefined, `${name} waits for ${other}, which is not there`)
        if (condition === 'service_healthy') assert.ok(awaited.healthcheck, `${other} has no health check`)
        if (condition === 'service_completed_successfully') assert.match(awaited.restart, /^on-failure/, other)
      }
    }
  })

  it('keeps worker and API as small as the embedded stack does, and temporary files out of memory', () => {
    const { environment = {}, volumes = [], tmpfs = [] } = compose.services['worker'] ?? {}
    for (const process of ['worker', 'api']) {
      const variables = compose.services[process]?.environment ?? {}
      assert.equal(variables['NODE_OPTIONS'], memoryFlags.join(' '), process)
      for (const [name, value] of Object.entries(allocation)) assert.equal(variables[name], value, process)
    }
    const folder = environment['TMPDIR'] ?? ''
    assert.ok(volumes.some((volume) => volume.endsWith(`:${folder}`)) && !tmpfs.includes(folder))
  })

  it('tells PostgreSQL to keep values out of its log, as the embedded one is told', () => {
    const command = compose.services['postgres']?.command ?? []
    for (const [name, value] of Object.entries(quietLogSettings))
      assert.ok(command.includes(`-c${name}=${value}`), name)
    const logging = command.filter((argument) => /^-c(log|debug)_/.test(argument))
    assert.equal(logging.length, Object.keys(quietLogSettings).length)
  })

  it('gives our processes only settings that exist', () => {
    const known = Object.keys(settings)
    for (const [name, { environment }] of ours) {
      // What does not begin with our name speaks to Node and to the C library.
      const variables = Object.keys(environment).filter((variable) => variable.startsWith('ROLLBOOK_'))
      for (const variable of variables) assert.ok(known.includes(variable), `${name}: ${variable}`)
    }
  })

  it('passes on every setting that a process reads', async () => {
    // A test of the file as it stands: what is read is named in one list, in the main file of the process.
    for (const [name, service] of ours.filter(([each]) => each !== 'migrate')) {
      const source = await readFile(join(root, service.command?.[1] ?? ''), 'utf8')
      const list = /readConfig\(\[([^\]]*)\]/.exec(source)?.[1] ?? ''
      const read = [...list.matchAll(/'(ROLLBOOK_\w+)'/g)].map(([, setting = '']) => setting)
      assert.ok(read.length > 10, name)
      for (const setting of read) {
        const value = service.environment[setting]
        if (value === undefined) assert.match(dockerfile, new RegExp(`\\b${setting}=`), `${name} ignores ${setting}`)
        else if (!fixed.includes(setting)) assert.match(value, new RegExp(`\\$\\{${setting}:`), `${name}: ${setting}`)
      }
    }
  })

  it('keeps no log without end, and no process without a limit to its memory', () => {
    for (const [name, { logging, deploy }] of services) {
      const { 'max-size': size, 'max-file': files } = logging.options
      assert.ok(Number.parseInt(size) * Number(files) <= 200, name)
      assert.ok(megabytes(deploy.resources.limits.memory) >= 256, name)
    }
    for (const name of ['api', 'worker']) {
      const { environment = {}, deploy } = compose.services[name] ?? {}
      const heap = /--max-old-space-size=(\d+)/.exec(environment['NODE_OPTIONS'] ?? '')?.[1]
      // Beside its heap a process has buffers, the code and the client of Temporal.
      assert.ok(Number(heap) <= megabytes(deploy?.resources.limits.memory ?? '0m') / 2, name)
    }
  })

  it('runs without its Temporal services where deploy/temporal-cloud.yml is laid over it', () => {
    const absent = Object.keys(cloud.services).filter((name) => cloud.services[name]?.profiles !== undefined)
    assert.deepEqual(
      absent,
      services.map(([name]) => name).filter((name) => name.startsWith('temporal')),
    )
    for (const [name, service] of services.filter(([each]) => !absent.includes(each))) {
      const waits = cloud.services[name]?.depends_on ?? service.depends_on
      for (const other of Object.keys(waits)) assert.ok(!absent.includes(other), `${name} waits for ${other}`)
    }
    assert.equal((cloud.text.match(/depends_on: !override$/gm) ?? []).length, 2)
    for (const name of ['api', 'worker']) {
      const environment = cloud.services[name]?.environment ?? {}
      for (const setting of ['ROLLBOOK_TEMPORAL_ADDRESS', 'ROLLBOOK_TEMPORAL_NAMESPACE']) {
        assert.match(environment[setting] ?? '', new RegExp(`^\\$\\{${setting}:\\?`), name)
      }
    }
  })

  it('gives the password of the owner to migrations only', () => {
    const holders = ours.filter(([, { environment }]) => JSON.stringify(environment).includes('OWNER_PASSWORD'))
    assert.deepEqual(
      holders.map(([name]) => name),
      ['migrate'],
    )
  })

  it('gives the key that opens secrets to workers only', () => {
    const holdersOf = (key: string) =>
      services.filter(([, { environment }]) => key in environment).map(([name]) => name)
    assert.deepEqual(holdersOf('ROLLBOOK_SECRET_KEY'), ['worker'])
    assert.deepEqual(holdersOf('ROLLBOOK_SEALING_KEY'), ['api'])
  })

  it('asks for nothing that deploy/rollbook.env.example does not explain, and the other way round', () => {
    const asked = new Set([...(compose.text + cloud.text).matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]))
    const offered = new Set([...exampleEnvironment.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]))
    assert.deepEqual([...asked].sort(), [...offered].sort())
  })

  it('holds no secret of its own', () => {
    for (const [name, { environment }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|PWD|SECRET|KEY$/.test(variable))
          assert.match(value, /^\$\{[A-Z_]+:(\?|-\}$)/, `${name}: ${variable}`)
      }
    }
    for (const line of exampleEnvironment.split('\n')) assert.doesNotMatch(line, /^[A-Z_]*(PASSWORD|SECRET)[A-Z_]*=./)
  })

  it('keeps our containers read-only, without rights, and stops them with time to finish', () => {
    for (const [name, service] of ours) {
      assert.equal(service.read_only, true, name)
      assert.deepEqual(service.cap_drop, ['ALL'], name)
      assert.equal(service.init, true, `${name}: Node as process 1 would not hear SIGTERM`)
    }
    const { worker } = compose.services
    const graceMs = Number(worker?.environment['ROLLBOOK_SHUTDOWN_GRACE_MS'])
    assert.ok(stopGraceMs(worker) >= graceMs + 10_000)
    assert.match(worker?.deploy.replicas ?? '', /ROLLBOOK_WORKERS/)
  })

  it('prepares Temporal as the workflows expect it', async () => {
    const scripts = await Promise.all((await listScripts()).map((path) => readFile(path, 'utf8')))
    const added = [...scripts.join('\n').matchAll(/^add (\w+) (\w+)$/gm)].map((match) => match[1])
    const sources = await Promise.all(['workflows', 'api'].map((folder) => readFolder(join(root, folder))))
    const used = new Set([...sources.join('\n').matchAll(/'(Rollbook[A-Z]\w+)'/g)].map((match) => match[1]))
    assert.deepEqual([...used].filter((name) => !added.includes(name)).sort(), [])
    assert.ok(Number(compose.services['temporal']?.environment['NUM_HISTORY_SHARDS']) >= 128)
  })
})

describe('the image', () => {
  let image: string
  beforeAll(async () => {
    image = await copyWhatTheImageGets()
  })
  afterAll(() => rm(image, { recursive: true }))

  it('runs on the Node that the tests run on, and not as root', () => {
    const major = process.versions.node.split('.')[0]
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1])
    assert.ok(bases.length > 1 && bases.every((base) => base?.startsWith(`node:${major}-`)))
    assert.match(dockerfile, /^USER node$/m)
  })

  it('builds the workflow bundle by the command of the Dockerfile', async () => {
    const program = /^RUN node (\S+)/m.exec(dockerfile)?.[1] ?? ''
    const built = spawnSync(process.execPath, [program, 'workflow-bundle.js'], { cwd: image })
    assert.equal(built.status, 0, built.stderr.toString())
    assert.match(await readFile(join(image, 'workflow-bundle.js'), 'utf8'), /runImport/)
  })

  it('derives the key that seals by the command of the example of settings', () => {
    const program = /node (deploy\/\S+)/.exec(exampleEnvironment)?.[1] ?? ''
    // The seed of a pair in RFC 9180, A.1.1.
    const seed = Buffer.from('6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037', 'hex')
    const derive = (key: string) =>
      spawnSync(process.execPath, [program], { cwd: image, env: { ...process.env, ROLLBOOK_SECRET_KEY: key } })
    const { stdout } = derive(`k2:${seed.toString('base64')},k1:${Buffer.alloc(32).toString('base64')}`)
    const publicKey = Buffer.from('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d', 'hex')
    assert.equal(stdout.toString(), `ROLLBOOK_SEALING_KEY=k2:${publicKey.toString('base64')}\n`)
    assert.match(derive('').stderr.toString(), /ROLLBOOK_SECRET_KEY is not set/)
  })

  for (const [name, { command = [] }] of ours) {
    it(`has all that ${name} imports: without settings it names what is missing`, () => {
      assert.equal(command[0], 'node')
      const environment = { PATH: process.env['PATH'] }
      const ended = spawnSync(process.execPath, command.slice(1), { cwd: image, env: environment, timeout: 60_000 })
      assert.ok(ended.status !== null && ended.status > 0, `${name} ended with ${ended.status ?? ended.signal}`)
      assert.match(ended.stderr.toString() + ended.stdout.toString(), /ROLLBOOK_\w*DATABASE_URL/)
    })
  }
})

/** What .dockerignore lets through, which is all that `COPY . .` can see, beside our installed packages. */
async function copyWhatTheImageGets(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollbook-image-'))
  const lines = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n')
  const patterns = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  for (const path of globSync(patterns, { cwd: root })) {
    await cp(join(root, path), join(folder, path), { recursive: true, filter: (from) => !from.endsWith('.test.ts') })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

function stopGraceMs(service: Service | undefined): number {
  const [, amount, unit] = /^(\d+)([sm])$/.exec(service?.stop_grace_period ?? '10s') ?? []
  return Number(amount) * (unit === 'm' ? 60_000 : 1000)
}

function megabytes(text: string): number {
  return Number.parseInt(text) * (text.endsWith('g') ? 1024 : 1)
}

async function listScripts(): Promise<string[]> {
  const folders = ['deploy/postgres', 'deploy/temporal'].map((folder) => join(root, folder))
  const names = await Promise.all(folders.map((folder) => readdir(folder)))
  return folders.flatMap((folder, index) => (names[index] ?? []).map((name) => join(folder, name))).filter(isScript)
}

function isScript(path: string): boolean {
  return path.endsWith('.sh')
}

async function readFolder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const texts = names.filter((name) => name.endsWith('.ts')).map((name) => readFile(join(folder, name), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}
