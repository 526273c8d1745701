# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/var/lib/switchboard
WORKDIR /app
RUN mkdir -p /var/lib/switchboard && chown node:node /var/lib/switchboard
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
USER node
VOLUME /var/lib/switchboard
EXPOSE 3000
# Node itself is process 1 and gets SIGTERM, on which it drains.
CMD ["node", "dist/src/main.js"]
