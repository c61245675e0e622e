import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { houseRules } from './tests/house/lint-rules.js'

/** Names that stand for a whole record, a row or a request: a log line takes ids and counts out of them instead. */
const wholeRecord =
  '/^(record|records|row|rows|cell|cells|value|values|person|people|student|students|user|users|body|payload|incoming|held|before|after|candidate|candidates|org|email|name|givenName|familyName|birthDate|settings|credentials|password|token)$/'
const logCall = 'CallExpression[callee.object.name=/^(log|logger)$/]'
const logBan =
  'A log line holds ids and counts, never a record, a setting or a value of a field (house: nothing leaves by accident).'

/** As tests/harness/jest-globals.d.ts declares them. */
const testGlobals = ['describe', 'it', 'test', 'expect', 'beforeAll', 'beforeEach', 'afterEach', 'afterAll']

export default defineConfig(
  globalIgnores(['node_modules/', '.rollbook/', 'coverage/', 'dist/']),
  {
    // An unused exception hides the next accident at the same place.
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { house: houseRules },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        // A `default` that throws is a fair answer to a value that came from outside.
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // They exist in test files alone, and the compiler takes them to be everywhere.
      'no-restricted-globals': ['error', ...testGlobals],
      // What is told to it is heard by nobody: a test would be lost without a word.
      'no-restricted-imports': ['error', { name: 'node:test', message: 'Tests run on Jest, whose globals are there.' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-syntax': [
        'error',
        { selector: `${logCall} SpreadElement`, message: logBan },
        { selector: `${logCall} > Identifier.arguments[name=${wholeRecord}]`, message: logBan },
        { selector: `${logCall} > ObjectExpression > Property[key.name=${wholeRecord}]`, message: logBan },
        { selector: `${logCall} CallExpression[callee.object.name='JSON']`, message: logBan },
        {
          selector: 'ExportAllDeclaration',
          message: 'Name what leaves the file: a reader must find an export by searching for its name.',
        },
      ],
      'house/reasoned-assertion': 'error',
      eqeqeq: 'error',
      'no-console': 'error',

      // Numbers and booleans in a text are plain; what the rule is for, objects and undefined, stays an error.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => release()` as a callback is shorter and as clear as a block around it.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // A contract asks for a promise (an activity, a connector's test) also where one of its forms has nothing to await.
      '@typescript-eslint/require-await': 'off',
      // `while (true)` with the exit in the middle is how a stream is read; other constant conditions stay errors.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    // These speak to a person at a terminal; everything else writes to the log.
    files: ['cli/**', 'stack/**', 'bench/**', 'tests/**', 'db/main.ts', 'simulators/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // These are handed to their runner as the default export; no name would be heard.
    files: ['**/*.config.ts', 'tests/harness/process-per-file.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['tests/**/*.ts', '**/*.test.ts'],
    rules: {
      // A test says `rows[0]!` where a missing row is the failure it looks for, and the runner prints the line.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'house/reasoned-assertion': 'off',
      'no-restricted-globals': 'off',
    },
  },
  {
    // Plain JavaScript: what runs before the pinned Node is there, and configuration. No types to check.
    files: ['**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      eqeqeq: 'error',
    },
  },
)
