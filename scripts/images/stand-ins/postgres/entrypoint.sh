# What the official image does at its first start, as far as the site uses it: a new database, its superuser's password, the files of initdb.d.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086 -- several arguments
  initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-} --pgdata="$PGDATA"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl --pgdata="$PGDATA" --options="-c listen_addresses=''" --wait start
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  export PGPASSWORD
  for file in /docker-entrypoint-initdb.d/*.sql; do
    psql --no-psqlrc --variable=ON_ERROR_STOP=1 --username=postgres --dbname=postgres --file="$file"
  done
  unset PGPASSWORD
  pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
fi
exec "$@" -c listen_addresses='*'
