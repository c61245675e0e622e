import ts from 'typescript'
import { sortMutants, type Mutant } from './mutant.ts'
import { isSql, listSqlMutants } from './sql-mutants.ts'

const { SyntaxKind } = ts

const otherSign: Partial<Record<ts.SyntaxKind, string>> = {
  [SyntaxKind.LessThanToken]: '<=',
  [SyntaxKind.LessThanEqualsToken]: '<',
  [SyntaxKind.GreaterThanToken]: '>=',
  [SyntaxKind.GreaterThanEqualsToken]: '>',
  [SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [SyntaxKind.MinusToken]: '+',
  [SyntaxKind.AsteriskToken]: '/',
  [SyntaxKind.SlashToken]: '*',
  [SyntaxKind.AmpersandToken]: '|',
  [SyntaxKind.BarToken]: '&',
}

const otherMethod: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
}
/** Their call may be forgotten and a value of the same kind is left. */
const forgettable = new Set(['filter', 'toSorted', 'trim', 'toLowerCase', 'slice', 'reverse'])

/** The faults of a source file, by its syntax; `withSql` where its strings are SQL. What only people read is left alone. */
export function listMutants(source: string, withSql: boolean): Mutant[] {
  const file = ts.createSourceFile('mutated.ts', source, ts.ScriptTarget.Latest, true)
  const found: Mutant[] = []
  const visit = (node: ts.Node): void => {
    if (isSilent(node)) return
    found.push(...listCodeMutants(node, file))
    if (withSql && isText(node) && isSql(node.getText(file)))
      found.push(...listSqlMutants(source.slice(node.getStart(file) + 1, node.end - 1), node.getStart(file) + 1))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return sortMutants(found)
}

const isText = (node: ts.Node) =>
  ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)

/** What follows `??` as a plain value is there for the compiler more often than not. */
const isPlain = (node: ts.Node): boolean => ts.isPrefixUnaryExpression(node) || ts.isLiteralExpression(node)

/** Types, words for people, and what is thrown where we are wrong ourselves. */
function isSilent(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true
  if (ts.isPropertyAssignment(node)) return /^(message|severity|comment)$/.test(node.name.getText())
  if (isPlain(node) && ts.isBinaryExpression(node.parent) && node.parent.right === node)
    return node.parent.operatorToken.kind === SyntaxKind.QuestionQuestionToken
  if (ts.isIfStatement(node)) return throwsPlainError(node.thenStatement)
  return ts.isNewExpression(node) && /Error$/.test(node.expression.getText())
}

function throwsPlainError(statement: ts.Statement): boolean {
  const only = ts.isBlock(statement) ? statement.statements.at(0) : statement
  return only !== undefined && ts.isThrowStatement(only) && /^new Error\(/.test(only.expression.getText())
}

function* listCodeMutants(node: ts.Node, file: ts.SourceFile): Generator<Mutant> {
  const replace = (part: ts.Node, replacement: string): Mutant => ({
    start: part.getStart(file),
    end: part.end,
    replacement,
  })
  const text = (part: ts.Node) => part.getText(file)
  if (ts.isIfStatement(node)) yield* decide(node.expression).map((decided) => replace(node.expression, decided))
  else if (ts.isWhileStatement(node)) yield replace(node.expression, 'false')
  else if (ts.isConditionalExpression(node))
    yield* decide(node.condition).map((decided) => replace(node.condition, decided))
  else if (ts.isExpressionStatement(node)) yield replace(node, ';')
  else if (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === SyntaxKind.ExclamationToken &&
    !isPartOfCondition(node)
  )
    yield replace(node, text(node.operand))
  else if (node.kind === SyntaxKind.TrueKeyword) yield replace(node, 'false')
  else if (node.kind === SyntaxKind.FalseKeyword) yield replace(node, 'true')
  else if (ts.isNumericLiteral(node)) yield* listNumbers(node, replace)
  else if (ts.isBinaryExpression(node)) yield* listBinary(node, replace, text)
  else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression, name } = node.expression
    const other = otherMethod[name.text]
    if (other !== undefined) yield replace(name, other)
    if (forgettable.has(name.text)) yield replace(node, text(expression))
  }
}

/**
 * A condition that always or never holds. One of several parts is not asked for what a dropped part shows already; nor
 * is whether `and` is mistaken for `or`.
 */
function decide(condition: ts.Expression): readonly string[] {
  const sign = ts.isBinaryExpression(condition) ? condition.operatorToken.kind : undefined
  if (sign === SyntaxKind.AmpersandAmpersandToken) return ['false']
  return sign === SyntaxKind.BarBarToken ? ['true'] : ['true', 'false']
}

/** What is decided or dropped as a whole anyway need not be turned round too. */
function isPartOfCondition(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return true
  if (ts.isConditionalExpression(parent)) return parent.condition === node
  return ts.isBinaryExpression(parent) && isLogical(parent.operatorToken)
}

const isLogical = ({ kind }: ts.Node) => kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken

type Replace = (part: ts.Node, replacement: string) => Mutant

function* listNumbers(node: ts.NumericLiteral, replace: Replace): Generator<Mutant> {
  const value = Number(node.text)
  // A share or a weight may be nearly anything.
  if (!Number.isInteger(value)) return
  yield replace(node, String(value + 1))
  if (value > 0) yield replace(node, String(value - 1))
}

function* listBinary(node: ts.BinaryExpression, replace: Replace, text: (part: ts.Node) => string): Generator<Mutant> {
  const { left, operatorToken, right } = node
  const other = otherSign[operatorToken.kind]
  const isTurn = other === '!==' || other === '==='
  if (other !== undefined && !(isTurn && isPartOfCondition(node))) yield replace(operatorToken, other)
  const isFallback = operatorToken.kind === SyntaxKind.QuestionQuestionToken && !isPlain(right)
  if (isLogical(operatorToken) || isFallback) yield* [replace(node, text(left)), replace(node, text(right))]
}
