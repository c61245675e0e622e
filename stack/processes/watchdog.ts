import { spawn } from 'node:child_process'

/**
 * Reads until its pipe closes, which happens when this process ends in whatever way, `kill -9` included; then ends the
 * process it watches, the hard way after five seconds.
 */
const script = `
trap '' INT TERM HUP
read -r _
kill -s "$2" "$1" 2>/dev/null || exit 0
n=0
while kill -0 "$1" 2>/dev/null && [ "$n" -lt 50 ]; do sleep 0.1; n=$((n + 1)); done
kill -9 "$1" 2>/dev/null
exit 0`

/**
 * Makes sure that a process does not outlive this one. PostgreSQL and Temporal notice nothing when their parent is
 * killed, and a shell is the smallest thing that does. Call `release` when the watched process has ended.
 */
export function watchOver(pid: number, signal: NodeJS.Signals): { readonly release: () => void } {
  const watchdog = spawn('/bin/sh', ['-c', script, 'rollbook-watchdog', String(pid), signal.replace(/^SIG/, '')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watchdog.on('error', () => undefined)
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  return { release: () => void watchdog.kill('SIGKILL') }
}
