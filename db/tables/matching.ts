import type { BestPair } from '../../domain/matching/learn-relations.ts'
import type { Json } from './json.ts'

export type MatchKeys = {
  districtId: string
  key: string
  recordId: string
  birthDate: string | null
  givenInitial: string | null
  familyInitial: string | null
}

export type MatchRecords = { districtId: string; dataType: string; recordId: string; revision: number }

export type MatchNames = {
  districtId: string
  dataType: string
  aspect: string
  name: string | null
  holders: number
}

export type MatchStrangers = {
  districtId: string
  dataType: string
  sampled: number
  pairs: Json<BestPair[]>
}
