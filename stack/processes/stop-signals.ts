const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Aborts when somebody wants this process to end: Ctrl-C, `kill`, a closed terminal, or the launcher in bin/ that was
 * killed and took its channel with it. Signals that follow are ignored: stopping is under way and takes seconds.
 */
export function listenForStop(): AbortSignal {
  const controller = new AbortController()
  for (const signal of stopSignals) process.on(signal, () => controller.abort(signal))
  process.on('disconnect', () => controller.abort('SIGTERM'))
  // Listening must not keep a process alive that has nothing else to do.
  process.channel?.unref()
  return controller.signal
}

/** The exit code by which a shell recognises a process that ended because of a signal. */
export function exitCodeOf(signal: AbortSignal): number {
  return signal.reason === 'SIGINT' ? 130 : signal.reason === 'SIGHUP' ? 129 : 143
}
