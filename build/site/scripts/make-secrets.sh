#!/bin/sh
# make-secrets.sh [--self-signed HOST]: makes what is missing in ../secrets, out of /dev/urandom. What is there stays as it is: run it as often as you like.
#   --self-signed HOST   also a certificate for HOST in ../nginx/ssl, to try the site with; browsers warn of it
# The folder is closed to everybody but its owner; the files are readable in it, because every container reads its own as a user of its own.
set -eu
umask 077
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets

# 256 bits, without characters that a URL, a configuration file or a shell would read as something else.
random() { openssl rand -hex 32; }
# write NAME: its content from stdin, whole or not at all.
write() {
  cat >"secrets/.$1.new"
  chmod 444 "secrets/.$1.new"
  mv "secrets/.$1.new" "secrets/$1"
  echo "made secrets/$1"
}
missing() { [ ! -s "secrets/$1" ]; }

for name in postgres_password db_owner_password db_app_password redis_password s3_secret_key; do
  if missing "$name"; then random | tr -d '\n' | write "$name"; fi
done
# Seals what the database holds of sign-ins. Another one ends every sign-in: put it before the old one, which may stay on a line of its own.
if missing site_key; then openssl rand -base64 32 | write site_key; fi
if missing s3_access_key; then openssl rand -hex 10 | tr -d '\n' | write s3_access_key; fi
# These two hold a password in the form of the program that checks it, and follow it when it changes.
if missing pgbouncer_users || [ secrets/db_app_password -nt secrets/pgbouncer_users ]; then
  printf '"app_server" "%s"\n' "$(cat secrets/db_app_password)" | write pgbouncer_users
fi
if missing redis_users || [ secrets/redis_password -nt secrets/redis_users ]; then
  printf 'user default on #%s ~* &* +@all -@dangerous +info +client +config|get +keys\n' \
    "$(tr -d '\n' <secrets/redis_password | openssl dgst -sha256 -r | cut -d' ' -f1)" | write redis_users
fi

if [ "${1:-}" = --self-signed ] && [ ! -s nginx/ssl/key.pem ]; then
  host=${2:?--self-signed HOST}
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1" -keyout nginx/ssl/key.pem -out nginx/ssl/cert.pem 2>/dev/null
  echo "made nginx/ssl/cert.pem for $host"
fi
# nginx runs as a user of its own: the folder is closed, the files in it can be read.
chmod 700 nginx/ssl
for file in nginx/ssl/cert.pem nginx/ssl/key.pem; do
  if [ -f "$file" ]; then chmod 444 "$file"; else echo "missing $file: put the site's certificate there" >&2; fi
done
