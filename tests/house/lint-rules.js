/**
 * Lint rules of this house that no package has. Plain JavaScript, because eslint.config.js is read by any Node.
 */

/** Assertions whose reason is their very form: narrowing to a constant, and an index known to be inside (hot loops). */
const selfExplaining = new Set(['const', 'number', 'unknown'])

const reasonedAssertion = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unexplained: 'An `as` overrules the compiler: say why it is true in a comment on this line or the one above.',
    },
  },
  create(context) {
    const { sourceCode } = context
    return {
      TSAsExpression(node) {
        if (selfExplaining.has(sourceCode.getText(node.typeAnnotation))) return
        const statementLine = enclosingStatement(node).loc.start.line
        const isExplained = sourceCode.getAllComments().some(({ loc }) => {
          const onALineOfIt = loc.start.line >= statementLine && loc.start.line <= node.loc.end.line
          return onALineOfIt || loc.end.line === node.loc.start.line - 1 || loc.end.line === statementLine - 1
        })
        if (!isExplained) context.report({ node, messageId: 'unexplained' })
      },
    }
  },
}

function enclosingStatement(node) {
  let at = node
  while (at.parent && !/Statement$|Declaration$|^PropertyDefinition$|^MethodDefinition$/.test(at.type)) at = at.parent
  return at
}

export const houseRules = { rules: { 'reasoned-assertion': reasonedAssertion } }
