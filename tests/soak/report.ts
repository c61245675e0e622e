import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Journal } from './journal.ts'
import type { SoakFigures, SoakOptions } from './soak.ts'

/** Writes the report, for machines and for people, beside the story; gives the page for people. */
export function writeReport(
  options: SoakOptions,
  journal: Journal,
  figures: SoakFigures | undefined,
  startedAt: Date,
): string {
  const { faults, counts } = journal
  const finishedAt = new Date()
  const report = { options, startedAt, finishedAt, isGood: faults.length === 0, faults, counts, ...figures }
  writeFileSync(join(journal.directory, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`)
  const minutes = Math.round((finishedAt.getTime() - startedAt.getTime()) / 60_000)
  const page = [
    `# Soak of ${minutes} minutes, seed ${options.seed}`,
    '',
    faults.length === 0 ? 'Nothing was wrong.' : `**${faults.length} things were wrong:**`,
    '',
    ...faults.map(({ at, kind, words }) => `- ${at} **${kind}** ${words.replaceAll('\n', ' ')}`),
    '',
    `${options.districts} districts of ${options.students} students and more. ` +
      `Disk full: ${figures?.diskWasFull ?? 'unknown'}. ` +
      `Connections at rest, in brackets those of the proxy: ${figures?.connections.join(', ') ?? ''}.`,
    '',
    '| What was done | Times |',
    '| --- | --- |',
    ...Object.entries(counts)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([what, count]) => `| ${what} | ${count} |`),
    '',
    '| Process | Pid | Minutes | First third MiB | Last third MiB | Peak MiB | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...(figures?.memory ?? []).map(
      (life) =>
        `| ${life.name} | ${life.pid} | ${life.minutes} | ${life.firstThirdMiB} | ${life.lastThirdMiB} | ${life.peakMiB} | ${life.verdict} |`,
    ),
    '',
    'Handles at rest, by life: ' +
      (figures?.handles ?? [])
        .map((life) => `${life[0]?.['name']} ${life.map(({ total }) => total).join(' → ')}`)
        .join('; '),
    '',
    ...Object.entries(figures?.logs.errors ?? {}).map(([line, count]) => `- ${count} × ${line}`),
    '',
  ].join('\n')
  writeFileSync(join(journal.directory, 'report.md'), page)
  return page
}
