import type { District } from '../../api/contract/district.ts'
import { connectToServer } from '../server/connect.ts'
import { exitCodes } from '../exit-codes.ts'
import { printJson, printTable, say } from '../print.ts'
import type { JsonFlag } from '../options.ts'
import type { DistrictFlags } from '../program.ts'

export async function createDistrict(slug: string, options: DistrictFlags): Promise<number> {
  const wanted: Record<string, string> = { slug, name: options.name }
  if (options.timeZone !== undefined) wanted['timeZone'] = options.timeZone
  const district = await connectToServer().post<District>('/api/districts', wanted)
  if (options.json) await printJson(district)
  say(`District ${district.slug} is there (${district.id}).`)
  return exitCodes.done
}

export async function listDistricts(options: JsonFlag): Promise<number> {
  const districts: District[] = []
  for await (const page of connectToServer().pages<District>('/api/districts')) districts.push(...page)
  if (options.json) await printJson(districts)
  else
    await printTable(
      ['district', 'name', 'time zone'],
      districts.map(({ slug, name, timeZone }) => [slug, name, timeZone]),
    )
  return exitCodes.done
}
