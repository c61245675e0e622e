import type { CreatedToken, Token } from '../../../api/contract/token.ts'
import type { TokenCreateFlags, TokenListFlags } from '../../access-commands.ts'
import { CommandFailure, exitCodes } from '../../exit-codes.ts'
import type { JsonFlag } from '../../options.ts'
import { printJson, printLine, printTable, say } from '../../print.ts'
import { connectToServer } from '../../server/connect.ts'

export async function createToken(name: string, options: TokenCreateFlags): Promise<number> {
  const { right: rights, district = null, allDistricts, school: schools = null, expires, json } = options
  if (district === null && allDistricts === undefined) {
    throw new CommandFailure('name the district with --district, or say --all-districts', exitCodes.wrongUsage)
  }
  const wanted = { name, rights, district, schools, expiresAt: readExpiry(expires) }
  const token = await connectToServer().post<CreatedToken>('/api/tokens', wanted)
  if (json) await printJson(token)
  else await printLine(token.token)
  say(`This is the token "${token.name}" (${token.id}); it is not shown again.`)
  return exitCodes.done
}

export async function listTokens({ district, json }: TokenListFlags): Promise<number> {
  const tokens: Token[] = []
  for await (const page of connectToServer().pages<Token>('/api/tokens', { district })) tokens.push(...page)
  if (json) await printJson(tokens)
  else
    await printTable(
      ['token', 'name', 'district', 'rights', 'state', 'last used', 'expires'],
      tokens.map((token) => [
        token.id,
        token.name,
        (token.district ?? 'all') + (token.schools === null ? '' : ` (${token.schools.length} schools)`),
        token.rights.join(', '),
        token.state,
        token.lastUsedAt ?? 'never',
        token.expiresAt ?? 'never',
      ]),
    )
  return exitCodes.done
}

export async function revokeToken(id: string, { json }: JsonFlag): Promise<number> {
  await connectToServer().send('DELETE', `/api/tokens/${encodeURIComponent(id)}`)
  if (json) await printJson({ id, revoked: true })
  say(`The token ${id} lets nobody in any more.`)
  return exitCodes.done
}

function readExpiry(text: string): string | null {
  if (text === 'never') return null
  const isDays = /^\d{1,5}$/.test(text)
  const when = isDays ? new Date(Date.now() + Number(text) * 86_400_000) : new Date(text)
  if (Number.isNaN(when.getTime())) {
    throw new CommandFailure(
      `"${text}" is no number of days, no time as 2027-06-30T00:00:00Z, and not "never"`,
      exitCodes.wrongUsage,
    )
  }
  return when.toISOString()
}
