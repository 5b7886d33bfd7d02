# The frontend. The target `dev` runs Vite, for Skaffold; the default target builds it and serves it with nginx:
#   docker build -f infra/docker/frontend.Dockerfile -t blogbus-frontend:dev .
ARG NODE=node:20-bookworm-slim
ARG NGINX=nginx:1.27-alpine

FROM ${NODE} AS packages
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund --loglevel=error && rm -rf /root/.npm

# Vite's dev server, with sources that can be replaced at run time. It reads the same routes as on a laptop, although in a
# cluster it receives only requests for pages.
FROM packages AS dev
COPY services.json /app/
COPY infra/k8s/base/ingress.yaml /app/infra/k8s/base/
COPY frontend ./
RUN chown -R 1000:1000 /app/frontend --no-dereference
USER 1000:1000
CMD ["node", "node_modules/vite/bin/vite.js", "--host", "0.0.0.0", "--port", "3000", "--strictPort"]

FROM packages AS build
COPY services.json /app/
COPY infra/docker/pages.mjs infra/docker/
COPY frontend ./
RUN npm run build && node infra/docker/pages.mjs > /app/pages.conf

FROM ${NGINX}
COPY infra/docker/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /app/pages.conf /etc/nginx/pages.conf
COPY --from=build /app/frontend/dist /usr/share/nginx/html
# The image's user nginx, as a number, so that Kubernetes can verify that it is not root.
USER 101:101
# On TERM nginx stops immediately; on QUIT after it has completed open requests.
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx"]
CMD ["-g", "daemon off;"]
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="blogbus-frontend" \
      org.opencontainers.image.description="The page of Blogbus" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
