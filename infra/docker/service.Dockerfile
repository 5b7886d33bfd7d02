# The image of every Python service:
#   docker build -f infra/docker/service.Dockerfile --build-arg SERVICE=posts -t blogbus-posts:dev .
ARG PYTHON=python:3.11-slim-bookworm

# Third-party packages, with the clients of databases, brokers and collectors of traces: the largest layer, shared by all
# services, rebuilt when a lock file changes.
FROM ${PYTHON} AS packages
COPY requirements.lock requirements-engines.lock requirements-tracing.lock /
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
       -r /requirements.lock -r /requirements-engines.lock -r /requirements-tracing.lock

# Our own packages, also shared by all services.
FROM packages AS ours
COPY svc_chassis /src/svc_chassis
COPY contracts /src/contracts
RUN pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation \
    --target /app/lib /src/svc_chassis /src/contracts

# The service, with its bytecode, because the file system is read-only at run time.
FROM packages AS source
# A default for tools that parse this file without arguments. The stages below have none, so a build must name a service.
ARG SERVICE=posts
COPY ${SERVICE}_svc /app/${SERVICE}_svc
RUN python -m compileall -q --invalidation-mode checked-hash /app/${SERVICE}_svc

FROM ${PYTHON} AS run
RUN install -d -o 10001 -g 10001 /data
ENV BLOGBUS_ENV=production \
    BLOGBUS_RUN_DIR=/data \
    HOME=/tmp \
    PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/lib \
    PYTHONUNBUFFERED=1
COPY --from=packages /venv /venv
COPY --from=ours /app/lib /app/lib
COPY services.json /app/
ARG SERVICE
ENV DJANGO_SETTINGS_MODULE=${SERVICE}.settings
WORKDIR /app/${SERVICE}_svc
# The only layer that a change of this service rebuilds.
COPY --from=source /app/${SERVICE}_svc ./
# As a number, so that Kubernetes can verify that it is not root.
USER 10001:10001
ENTRYPOINT ["python", "-m", "svc_chassis.server"]
CMD ["--bind", "0.0.0.0:8000"]

# For `skaffold dev`: the same, with sources that can be replaced at run time.
FROM run AS dev
USER 0
RUN chown -R 10001:10001 /app
USER 10001:10001

FROM run
ARG SERVICE
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="blogbus-${SERVICE}" \
      org.opencontainers.image.description="The ${SERVICE} service of Blogbus" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
