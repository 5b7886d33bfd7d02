# Creates each role in /roles with a database of the same name, or sets its password. Safe to run again.
set -eu

# On a first start, the server listens on TCP only after it has initialized its data.
until pg_isready --quiet --host=127.0.0.1; do sleep 0.2; done

for file in /roles/*; do
  psql --quiet --username=postgres --set=ON_ERROR_STOP=1 \
    --set=name="${file##*/}" --set=password="$(cat "$file")" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
