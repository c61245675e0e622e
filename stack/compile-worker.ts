/**
 * `node stack/compile-worker.ts`: loads the code of a worker, so that Node keeps it compiled where NODE_COMPILE_CACHE
 * says. Started without the settings of a worker.
 */
try {
  await import('../workers/main.ts')
} catch {
  // It misses its settings, and has loaded all its code by then.
}
