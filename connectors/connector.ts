import type { z } from 'zod'
import type { FindingSink } from '../domain/import-rules/finding.ts'
import type { MappedCollection } from '../domain/mapping/compile-mapping.ts'
import type { MappingDocument } from '../domain/mapping/mapping-document.ts'
import type { InputFile } from './kit/input-file.ts'

/**
 * One record of the source as it passes by. Valid only until the sink returns: the extractor uses the same object
 * again. `value` makes text and costs time; a record whose digest is the one held needs none of it.
 */
export interface SourceRecord {
  /** Name of the collection it comes from, `users`. */
  readonly collection: string
  /** What a finding calls it, `users.csv`. */
  readonly fileName: string
  /** Physical line, or position, in the collection. */
  readonly line: number
  /**
   * `active`: to be imported. `inactive`: the source says that this record is withdrawn. `rejected`: an error
   * finding dropped it; it still counts as seen, so that it is not taken for absent.
   */
  readonly presence: 'active' | 'inactive' | 'rejected'
  /** Digest of the key and of every column asked for, with white space at the ends of values removed. */
  readonly digestHi: number
  readonly digestLo: number
  /** When the source changed it, in ISO 8601 and UTC; '' where it does not say. Only inputs of changes say it. */
  modifiedAt(): string
  /** The source's own key of the record, the same in every collection of the data type; '' when it has none. */
  key(): string
  /** The value of a column that was asked for, white space at the ends removed; '' when blank. */
  value(column: string): string
}

/** A school, district or department that the source knows. */
export type SourceOrg = {
  readonly sourceKey: string
  readonly name: string
  readonly type: string
  readonly identifier: string
  readonly parentSourceKey: string
  readonly isActive: boolean
}

/** Receives what `extract` finds, in the order of the source. */
export interface ExtractSink {
  org(org: SourceOrg): void
  record(record: SourceRecord): void
  /**
   * A record that was given, `before`, turned out to be a part of one that came in several rows: `after` takes its
   * place, as if `before` had never been given. Both have the same key, and before the next collection begins.
   */
  replace(before: SourceRecord, after: SourceRecord): void
  finding: FindingSink
  /** Awaited between blocks of input, so that a slow receiver slows the reader; throws to stop the extraction. */
  drain(progress: ExtractProgress): Promise<void>
}

export type ExtractProgress = { readonly collection: string; readonly bytesRead: number; readonly rowsRead: number }

/** A page as the source gave it. What is said of it here is kept with it, and every later reading of it sees the same. */
export type KeptPart = {
  readonly collection: string
  /** What it is called in messages and exports, `users-0001.json`. */
  readonly name: string
  /** Where the source goes on after it, in words that only its connector reads; null ends the collection. */
  readonly next: string | null
  /** What the source said besides its bytes, such as how many records there are. The same pages, the same facts. */
  readonly facts: Readonly<Record<string, string>>
}

export type InputPart = KeptPart & { readonly file: InputFile }

/** The archived input of a run, its parts in the order in which they came. A file is one part, of no collection. */
export type RunInput = { readonly parts: readonly InputPart[]; readonly sizeBytes: number }

export type OwnCodes = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

export type ExtractRequest<Settings> = {
  readonly settings: Settings
  readonly dataType: string
  readonly input: RunInput
  /** Per collection, the columns that the mapping reads; the digest of a record covers just these. */
  readonly columns: Readonly<Record<string, readonly string[]>>
  /**
   * Of a source that brings fields alone: the column by which a row finds its record, and the forms (domain/mapping/id-form.ts)
   * of the ids that we hold, undefined where they are too many to say anything.
   */
  readonly match?: { readonly column: string; readonly heldForms: ReadonlySet<string> | undefined } | undefined
  /**
   * Per collection and column, the source's own words that the mapping knows: no rule on a list of the standard's may keep one of
   * these from it, nor spell it otherwise. A column that says what a record is has the standard's words all the same.
   */
  readonly ownCodes?: OwnCodes | undefined
  /** The orgs already held: what a reference of a delta package may also point to. */
  readonly heldOrgs: readonly { readonly sourceKey: string; readonly type: string }[]
  /** What `files` of the report said of the last complete input that was applied; undefined before there was one. */
  readonly lastFiles?: Readonly<Record<string, string>> | undefined
  readonly today: string
  /** When a source of pages was asked for this input; undefined for a file. */
  readonly askedAt?: Date | undefined
  readonly signal: AbortSignal
}

export type ExtractReport = {
  /** False when nothing of this input may be applied: a `block` finding was given, or `refusal` says why. */
  readonly isUsable: boolean
  /** Why it is not usable, where no `block` finding says so: a clause about the input, nothing of anybody's record. */
  readonly refusal?: string | undefined
  /** True only with proof that every current record was in it: then absence is evidence. */
  readonly isComplete: boolean
  /** Name of the form that the input has, such as the version of a standard; undefined where there is but one. */
  readonly format?: string | undefined
  /** Of an input that calls itself complete: the files it has, and how each was sent; undefined where it has none. */
  readonly files?: Readonly<Record<string, string>> | undefined
  /** True only with proof that every row of what is gathered was in the input, for each record that was. */
  readonly isGatheredComplete?: boolean | undefined
  /** True when the input carries changes only. */
  readonly isDelta: boolean
  /** When the source changed a record of it last, in ISO 8601 and UTC; undefined where it does not say. */
  readonly newestChange?: string | undefined
  /**
   * Per collection, keys given as records and found, later in the input, to stand for two different ones. Nothing of
   * such a record is imported from that collection; in the one that carries the records it counts as seen.
   */
  readonly contestedKeys: Readonly<Record<string, readonly string[]>>
  /** Lines of gathered rows that turned out, later in the input, to be of such a key. */
  readonly contestedLines?: readonly number[] | undefined
  /** Columns of `columns` that the input has no place for, where that can be told: their values are blank in every record. */
  readonly missingColumns?: readonly MissingColumn[] | undefined
  readonly rowsRead: number
}

/** `file`: what a finding calls the collection. */
export type MissingColumn = { readonly collection: string; readonly column: string; readonly file: string }

/**
 * The collections of a data type in this source, the one that carries the records first. Of a gathered one each row is
 * given as a record whose key is that of the record it belongs to; its digest is not asked for.
 */
export type SourceCollection = MappedCollection & { readonly columns: readonly string[] }

export type ConnectionTest = { readonly isConnected: true } | { readonly isConnected: false; readonly reason: string }

/** What the process lets a connection of a district use besides the network. */
export type Surroundings = {
  /** The one folder of this disk that connections of the district may look into; without it they may not. */
  readonly folderRoot?: string | undefined
  /** Whether a host may be connected to, by its name and the address that leads to; without it none may. */
  readonly mayReach?: ((host: string, address: string) => boolean) | undefined
}

/** An input that lies at a source, as its listing shows it. Equal in all three: the same input. */
export type FoundInput = { readonly name: string; readonly bytes: number; readonly modifiedAt: Date }

/** What one look at a source saw; whoever fetches keeps it until the next look. */
export type SourceLook = {
  /** When it was looked at first for this fetch. */
  readonly since: Date
  readonly at: Date
  /** The newest first. */
  readonly found: readonly FoundInput[]
}

export type FetchOutcome =
  | { readonly kind: 'received' | 'known' | 'nothingThere' }
  /** The newest input may still be being written: fetch again after `waitMs`, with this look. */
  | { readonly kind: 'wait'; readonly look: SourceLook; readonly waitMs: number }
  /** It was waited for long enough, and there is no older one either; `reason` in words for the operator. */
  | { readonly kind: 'noneWhole'; readonly look: SourceLook; readonly reason: string }

export type FetchRequest<Settings> = {
  readonly settings: Settings
  readonly surroundings: Surroundings
  readonly signal: AbortSignal
  /** The input that was fetched last, if it is still kept: it is not read again. */
  readonly known: FoundInput | undefined
  /** The look before this one; undefined the first time. */
  readonly earlier: SourceLook | undefined
  readonly now: Date
  /** Called once at most, with the bytes in order; what `content` throws must be thrown on, and nothing kept. */
  readonly receive: (found: FoundInput, content: AsyncIterable<Uint8Array>) => Promise<void>
}

/**
 * Where a connection's inputs lie until they are fetched. Everything throws RollbookFailure: SOURCE_REFUSED when
 * somebody has to do something, SOURCE_UNAVAILABLE when it may be tried again.
 */
export interface InputSource<Settings> {
  /** False where these settings name no source: then inputs come by upload alone. */
  isNamed(settings: Settings): boolean
  /** The newest input that is there, be it still being written; undefined when there is none. */
  find(settings: Settings, surroundings: Surroundings, signal: AbortSignal): Promise<FoundInput | undefined>
  /** Hands over the newest input if it is whole. Waits for nothing: whether it is may take a second look. */
  fetch(request: FetchRequest<Settings>): Promise<FetchOutcome>
}

export type FetchedPart = KeptPart & {
  /** Read to its end before the next part is asked for; when it throws, the part is not kept. */
  readonly content: AsyncIterable<Uint8Array>
}

export type PagesRequest<Settings> = {
  readonly settings: Settings
  readonly surroundings: Surroundings
  readonly dataType: string
  readonly signal: AbortSignal
  /**
   * Only what changed since then is wanted, of whatever collections the source can be asked so of and is proved to answer;
   * of the others everything, as it is without it.
   */
  readonly changesSince?: Date | undefined
  /** What is kept already, in order: the source is asked for what follows, and for none of this. */
  readonly kept: readonly KeptPart[]
}

export type ChangesPolicy = {
  /** Everything is read when the last reading of everything is so old. */
  readonly wholeEveryMs: number
  /** Changes are asked for from so long before the last reading began: clocks differ, and rows change while they are read. */
  readonly overlapMs: number
}

/** How inputs come to us. Either way each is archived as it came before anything is read out of it. */
export type Intake<Settings> =
  /** A file: uploaded, or fetched where `source` says that it lies. */
  | { readonly kind: 'file'; readonly source?: InputSource<Settings> }
  /**
   * Pages, asked for one after the other by whoever reads what `pages` gives: a page is kept for good before the next
   * one is asked for. Throws as InputSource does.
   */
  | {
      readonly kind: 'pages'
      pages(request: PagesRequest<Settings>): AsyncIterable<FetchedPart>
      /** How it may be asked for changes alone; undefined where these settings want everything in each reading. */
      findChangesPolicy?(settings: Settings, dataType: string): ChangesPolicy | undefined
    }

/**
 * The code for one kind of source. It is given settings and yields records, and knows nothing of the database, of
 * other connectors or of what is done with what it yields. Adding one is a folder and a line in registry.ts.
 */
export interface Connector<Settings = unknown> {
  readonly id: string
  readonly label: string
  readonly dataTypes: readonly string[]
  readonly settings: z.ZodType<Settings>
  readonly intake: Intake<Settings>
  /**
   * What its own rules find and tell with the places of its wire, so that the pass over the records need not: keys that come
   * again (`contestedKeys` has those that contradict each other), and text that is not as domain/normalize-text.ts would
   * have it. A connector that says nothing here has every rule of domain/import-rules/ without doing anything for it.
   */
  readonly finds?: readonly ('repeatedKeys' | 'text')[]
  collections(dataType: string): readonly SourceCollection[]
  /**
   * The mapping shipped with the connector, or that the settings begin with; copied into a connection's configuration when it is
   * made. `settings` are not there for a data type that came with a later release.
   */
  defaultMapping(dataType: string, settings?: Settings): MappingDocument
  /** Why these settings can never work here, as far as that is known without asking the source; undefined otherwise. */
  findSettingsProblem?(settings: Settings, surroundings: Surroundings): Promise<string | undefined>
  test(settings: Settings, surroundings: Surroundings): Promise<ConnectionTest>
  /** What of the settings changes what an input says; undefined where nothing does. No secret is among it. */
  readingSettings?(settings: Settings): Readonly<Record<string, unknown>>
  /** Whether what an input says of this data type depends on the day on which it is read. */
  dependsOnDay?(dataType: string): boolean
  extract(request: ExtractRequest<Settings>, sink: ExtractSink): Promise<ExtractReport>
  /**
   * Of the data types that this input has nothing to import for, why: a clause about the input. One that cannot be read at
   * all is not said to lack anything: its runs tell what is wrong. Without it every type is tried.
   */
  findUnfed?(settings: Settings, input: InputFile): Promise<ReadonlyMap<string, string>>
}
