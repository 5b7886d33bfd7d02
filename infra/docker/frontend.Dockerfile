# The page. `dev` is Vite, for Skaffold; without a target it is built, and served by nginx:
#   docker build -f infra/docker/frontend.Dockerfile -t blogbus-frontend:dev .
ARG NODE=node:20-bookworm-slim
ARG NGINX=nginx:1.27-alpine

FROM ${NODE} AS packages
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund --loglevel=error && rm -rf /root/.npm

# Vite's own server, with sources that may be replaced while it runs. It reads its routes where a laptop's does, though
# in a cluster nothing but pages ever reaches it.
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
# By number, so that Kubernetes can tell that it is not root: the image's own user nginx.
USER 101:101
# nginx ends at once with TERM, and with QUIT when the last answer is out.
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
